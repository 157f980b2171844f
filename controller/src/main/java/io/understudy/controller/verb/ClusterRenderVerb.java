package io.understudy.controller.verb;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.bundle.authority.VoterChange;
import io.understudy.bundle.render.BundleException;
import io.understudy.bundle.render.BundleWriter;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes a bundle for each host. */
@Command(
    name = "render",
    description = {
      "Write a bundle for each host: all that it needs, and no other host's secrets.",
      "The first time it makes the folder with keys and certificates; later it keeps them."
    })
final class ClusterRenderVerb implements Callable<Integer> {
  private final Understudy root;

  @Mixin private final ClusterOptions options = new ClusterOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder for the bundles; nothing else may be in it.")
  private Path out = Path.of("");

  @Option(
      names = "--change-voters",
      description = {
        "Though other hosts vote than before. Only while understudyd and ZooKeeper",
        "are stopped on all hosts; see docs/cluster-file.md."
      })
  private boolean changeVoters = false;

  ClusterRenderVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    RenderedCluster rendered =
        RenderedCluster.of(
            root, options, out, changeVoters ? VoterChange.ALLOWED : VoterChange.REFUSED);
    try {
      show(rendered, BundleWriter.write(out, rendered.cluster().name(), rendered.bundles()));
    } catch (BundleException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
    return ExitCode.DONE.number();
  }

  private void show(RenderedCluster rendered, ImmutableList<String> changed) {
    StringBuilder text = new StringBuilder();
    if (rendered.authorityIsNew()) {
      text.append(
          "Made the keys and certificates of the cluster in %s. Keep that folder safe: back it up, encrypted and away from the hosts.\n"
              .formatted(options.authority()));
    }
    text.append(
        changed.isEmpty()
            ? "Nothing to do: the bundles in %s are right".formatted(out)
            : "Wrote %d bundles to %s, %d files changed"
                .formatted(rendered.bundles().size(), out, changed.size()));
    changed.stream()
        .map(path -> path.substring(0, path.indexOf('/')))
        .distinct()
        .map(host -> "\nNext: copy %s/%s to its host and run its install.sh".formatted(out, host))
        .forEach(text::append);
    root.printer()
        .fact(
            text.toString(),
            Struct.newBuilder()
                .putFields("folder", text(out.toString()))
                .putFields("authority-made", truth(rendered.authorityIsNew()))
                .putFields("changed", list(changed))
                .putFields("warnings", list(rendered.warnings()))
                .build());
  }

  private static Value list(ImmutableList<String> texts) {
    ListValue.Builder values = ListValue.newBuilder();
    texts.forEach(each -> values.addValues(text(each)));
    return Value.newBuilder().setListValue(values).build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  private static Value truth(boolean truth) {
    return Value.newBuilder().setBoolValue(truth).build();
  }
}
