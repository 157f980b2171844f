package io.understudy.controller.verb;

import com.google.protobuf.util.Durations;
import io.understudy.controller.client.Failure;
import io.understudy.controller.drill.DrillWords;
import io.understudy.controller.text.Nearest;
import io.understudy.v1.DrillKind;
import io.understudy.v1.DrillPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a drill is to do. */
final class DrillPlanOptions {
  @Option(
      names = "--kind",
      paramLabel = "KIND",
      defaultValue = "switchover",
      converter = KindConverter.class,
      completionCandidates = Kinds.class,
      description = "${COMPLETION-CANDIDATES} (default: switchover).")
  private DrillKind kind = DrillKind.DRILL_KIND_SWITCHOVER;

  @Option(
      names = "--to",
      paramLabel = "NODE",
      description = "For a switchover: node that is to lead (default: the best other one).")
  private @Nullable String target;

  @Option(
      names = "--no-fall-back",
      description = "Stay where the drill leads to, instead of going back to the node that leads.")
  private boolean noFallBack;

  @Option(
      names = "--rto",
      paramLabel = "TIME",
      converter = SpanConverter.class,
      description =
          "Objective for the time from the fault to orders passing again (default: the gateway's"
              + " settings).")
  private @Nullable Duration rto;

  @Option(
      names = "--drill-timeout",
      paramLabel = "TIME",
      converter = SpanConverter.class,
      description =
          "After this the cluster ends the drill as failed, and undoes what it has begun (default:"
              + " the gateway's settings).")
  private @Nullable Duration limit;

  @Option(
      names = "--overrule",
      paramLabel = "CODE",
      split = ",",
      description =
          "Checks of the preflight that you take upon yourself, for example TRADING_HOURS.")
  private List<String> overruled = new ArrayList<>();

  /** Reads a kind by its word. */
  static final class KindConverter implements ITypeConverter<DrillKind> {
    @Override
    public DrillKind convert(String text) {
      return DrillWords.kindOf(text.toLowerCase(Locale.ROOT).replace('_', '-'))
          .orElseThrow(() -> new TypeConversionException(unknown(text)));
    }

    private static String unknown(String text) {
      List<String> words = DrillWords.kinds().stream().map(DrillWords::kind).toList();
      return text
          + Nearest.to(text, words).map(near -> " (nearest: " + near + ")").orElse("")
          + " (expected: "
          + String.join(", ", words)
          + ")";
    }
  }

  /** For help and completion. */
  static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return DrillWords.kinds().stream().map(DrillWords::kind).iterator();
    }
  }

  DrillPlan plan() {
    if (target != null && kind != DrillKind.DRILL_KIND_SWITCHOVER) {
      throw Failure.usage(
          "--to is for a switchover; after a "
              + DrillWords.kind(kind)
              + " the cluster itself decides who leads.");
    }
    DrillPlan.Builder plan =
        DrillPlan.newBuilder()
            .setKind(kind)
            .setTarget(target == null ? "" : target)
            .setFallBack(!noFallBack)
            .addAllOverrule(
                overruled.stream().map(code -> code.strip().toUpperCase(Locale.ROOT)).toList());
    if (rto != null) {
      plan.setRto(Durations.fromMillis(rto.toMillis()));
    }
    if (limit != null) {
      plan.setTimeout(Durations.fromMillis(limit.toMillis()));
    }
    return plan.build();
  }
}
