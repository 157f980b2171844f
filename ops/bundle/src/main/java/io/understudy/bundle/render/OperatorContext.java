package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.authority.Identity;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.Operator;
import java.util.stream.Collectors;

/**
 * A folder for each operator of an operator host: the command line's configuration with the cluster
 * as its context, and the certificate that the context names.
 */
final class OperatorContext {
  private static final String FOLDER = "/etc/understudy/operators/";

  private OperatorContext() {}

  static ImmutableList<RenderedFile> of(Place place) {
    return place.cluster().operatorsAt(place.host()).stream()
        .filter(operator -> place.material().operators().containsKey(operator.name()))
        .flatMap(operator -> files(place, operator).stream())
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<RenderedFile> files(Place place, Operator operator) {
    String name = operator.name();
    String folder = FOLDER + name + "/";
    Identity identity = Place.identity(place.material().operators(), name);
    return ImmutableList.of(
        RenderedFile.open(folder + "config.yaml", config(place, name)),
        RenderedFile.open(folder + name + ".crt", identity.certificate()),
        RenderedFile.secret(folder + name + ".key", identity.key(), "root"),
        RenderedFile.open(folder + "authority.crt", place.material().apiTrust()));
  }

  private static String config(Place place, String name) {
    String endpoints =
        place.cluster().nodes().stream()
            .map(Host::address)
            .map(address -> "\"" + address + ":" + place.cluster().ports().api() + "\"")
            .collect(Collectors.joining(", "));
    return place.header()
        + """
        current-context: "%1$s"
        contexts:
          "%1$s":
            endpoints: [%2$s]
            certificate: "%3$s.crt"
            key: "%3$s.key"
            authority: authority.crt
        """
            .formatted(place.cluster().name(), endpoints, name);
  }
}
