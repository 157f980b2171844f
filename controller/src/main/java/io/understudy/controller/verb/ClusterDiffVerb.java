package io.understudy.controller.verb;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.bundle.render.BundleDiff;
import io.understudy.bundle.render.BundleException;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.settings.Format;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what rendering would change. */
@Command(
    name = "diff",
    description = {
      "Show what render would change in the bundles, for each host. Changes nothing.",
      "Of secret files only that they change. Ends with 3 when anything would."
    })
final class ClusterDiffVerb implements Callable<Integer> {
  private final Understudy root;

  @Mixin private final ClusterOptions options = new ClusterOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder with the bundles.")
  private Path out = Path.of("");

  ClusterDiffVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    RenderedCluster rendered = RenderedCluster.preview(root, options, out);
    try {
      BundleDiff diff = BundleDiff.of(out, rendered.cluster().name(), rendered.bundles());
      boolean same = diff.changes().isEmpty();
      root.printer()
          .fact(
              same
                  ? "Nothing would change: the bundles in %s are right".formatted(out)
                  : text(rendered, diff),
              data(rendered, diff));
      return (same ? ExitCode.DONE : ExitCode.DEGRADED).number();
    } catch (BundleException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }

  private static String text(RenderedCluster rendered, BundleDiff diff) {
    StringBuilder text = new StringBuilder();
    rendered.refusal().ifPresent(sentence -> text.append(sentence).append("\n\n"));
    rendered.made().forEach(each -> text.append("would be made: ").append(each).append('\n'));
    return text.append(diff.text()).toString().stripTrailing();
  }

  private static Struct data(RenderedCluster rendered, BundleDiff diff) {
    ListValue.Builder changes = ListValue.newBuilder();
    for (BundleDiff.Change change : diff.changes()) {
      changes.addValues(
          Value.newBuilder()
              .setStructValue(
                  Struct.newBuilder()
                      .putFields("host", text(change.host()))
                      .putFields("path", text(change.path()))
                      .putFields("kind", text(Format.printConstant(change.kind())))
                      .putFields("details", text(change.details()))));
    }
    ListValue.Builder made = ListValue.newBuilder();
    rendered.made().forEach(each -> made.addValues(text(each)));
    return Struct.newBuilder()
        .putFields("changes", Value.newBuilder().setListValue(changes).build())
        .putFields("would-be-made", Value.newBuilder().setListValue(made).build())
        .putFields("refusal", text(rendered.refusal().orElse("")))
        .build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
