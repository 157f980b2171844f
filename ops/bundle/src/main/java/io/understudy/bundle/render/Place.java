package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.authority.Identity;
import io.understudy.bundle.authority.Material;
import io.understudy.bundle.authority.TunnelKeys;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.HostRole;
import java.time.Duration;
import java.util.function.Predicate;

/** A host and what is around it: all that a file of its bundle is rendered from. */
@Immutable
record Place(ClusterFile cluster, Material material, Host host) {
  /**
   * The interfaces that a tunnel can have. Units and rules name both, so that a rotation of keys
   * changes neither and nothing has to be started again.
   */
  static final ImmutableList<String> INTERFACES = ImmutableList.of("wg0", "wg1");

  /** The first line of each file that can hold a comment. */
  String header() {
    return "# Host %s of cluster %s. Rendered from cluster.yaml: change that one, not this.\n"
        .formatted(host.id(), cluster.name());
  }

  /** This host's certificate among those. */
  Identity identity(ImmutableMap<String, Identity> byName) {
    return identity(byName, host.id());
  }

  static Identity identity(ImmutableMap<String, Identity> byName, String name) {
    Identity identity = byName.get(name);
    if (identity == null) {
      throw new IllegalArgumentException("the authority has no certificate for " + name);
    }
    return identity;
  }

  /** The UDP ports of this host's tunnels; none where it only calls. */
  ImmutableList<Integer> tunnelPorts() {
    return host.endpoint().stream()
        .flatMap(endpoint ->
            material.tunnels().stream().map(keys -> endpoint.getPort() + keys.portOffset()))
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }

  /** The tunnel addresses of the hosts that are wanted, in the file's order. */
  ImmutableList<String> addresses(Predicate<HostRole> wanted) {
    return cluster.hosts().values().stream()
        .filter(each -> wanted.test(each.role()))
        .map(Host::address)
        .collect(ImmutableList.toImmutableList());
  }

  ImmutableList<TunnelKeys> tunnels() {
    return material.tunnels();
  }

  /** As the configurations of the node and of WireGuard take it: {@code 6s}, {@code 500ms}. */
  static String printed(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
