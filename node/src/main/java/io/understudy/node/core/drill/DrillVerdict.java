package io.understudy.node.core.drill;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a drill has shown, by its record alone. Pure: the same record always has the same verdict.
 *
 * @param sentence what was found, for people
 */
@Immutable
public record DrillVerdict(boolean passed, String sentence) {

  /** The verdict on a drill that has come to its end in good order. */
  public static DrillVerdict of(Drill drill) {
    ImmutableList<String> faults = faults(drill);
    String told =
        recovery(drill)
            .map(took -> "orders passed again " + seconds(took) + " after " + begin(drill))
            .orElse("no node served again");
    String back =
        wayBack(drill).map(took -> ", and on the way back after " + seconds(took)).orElse("");
    String text = told + back;
    return faults.isEmpty()
        ? new DrillVerdict(true, "passed: " + text + "; " + held(drill))
        : new DrillVerdict(false, "failed: " + String.join("; ", faults) + " (" + text + ")");
  }

  /**
   * From the fault until orders could pass again, by the clocks of the nodes: where the leader gave
   * up in good order, from the moment when it shut its gate. Empty until then.
   */
  public static Optional<Duration> recovery(Drill drill) {
    return served(drill, DrillMark.FAULT, !drill.plan().kind().injected()).map(Leg::took);
  }

  /** The same of the way back. */
  public static Optional<Duration> wayBack(Drill drill) {
    return served(drill, DrillMark.FALLING_BACK, true).map(Leg::took);
  }

  /** From one node's serving to the next. */
  private record Leg(DrillMark from, DrillMark open) {
    Duration took() {
      return Duration.between(from.at(), open.at());
    }
  }

  /** {@code orderly}: until it begins to cede, the node that gives up has served. */
  private static Optional<Leg> served(Drill drill, String beginning, boolean orderly) {
    Optional<DrillMark> from = Optional.empty();
    for (DrillMark mark : drill.marks()) {
      boolean cedes =
          orderly
              && mark.says(DrillMark.CEDING)
              && from.filter(begun -> begun.node().equals(mark.node())).isPresent();
      if (mark.says(beginning) || cedes) {
        from = Optional.of(mark);
      } else if (from.isPresent() && mark.says(DrillMark.GATE_OPEN)) {
        return Optional.of(new Leg(from.orElseThrow(), mark));
      }
    }
    return Optional.empty();
  }

  private static ImmutableList<String> faults(Drill drill) {
    List<String> faults = new ArrayList<>();
    Duration rto = drill.plan().rto().orElse(DrillSettings.DEFAULT.rto());
    recovery(drill)
        .filter(took -> took.compareTo(rto) > 0)
        .ifPresent(took ->
            faults.add("took " + seconds(took) + ", longer than the objective of " + seconds(rto)));
    wayBack(drill)
        .filter(took -> took.compareTo(rto) > 0)
        .ifPresent(took ->
            faults.add(
                "the way back took "
                    + seconds(took)
                    + ", longer than the objective of "
                    + seconds(rto)));
    if (recovery(drill).isEmpty() || drill.after().isEmpty()) {
      faults.add("no node was seen to serve again");
      return ImmutableList.copyOf(faults);
    }
    boolean alone =
        drill.plan().kind().takenOver()
            && served(drill, DrillMark.FAULT, false)
                .filter(leg -> leg.open().node().equals(drill.origin()))
                .isPresent();
    if (alone) {
      faults.add("no other node took over from node " + drill.origin());
    }
    DrillSight before = drill.before();
    DrillSight after = drill.after().orElseThrow();
    if (after.discrepancies() > 0) {
      faults.add("positions differ in " + after.discrepancies() + " places");
    }
    if (after.positionsCompared() != before.positionsCompared()) {
      faults.add(
          "%d positions were compared, before it were %d"
              .formatted(after.positionsCompared(), before.positionsCompared()));
    }
    boolean lost =
        before.openOrders().isPresent()
            && after.openOrders().isPresent()
            && after.openOrders().orElseThrow() < before.openOrders().orElseThrow();
    if (lost) {
      faults.add(
          "%d orders are open, before it were %d"
              .formatted(after.openOrders().orElseThrow(), before.openOrders().orElseThrow()));
    }
    if (after.sessions() != 1) {
      faults.add(after.sessions() + " nodes have a brokerage session (expected: one)");
    }
    return ImmutableList.copyOf(faults);
  }

  private static String held(Drill drill) {
    return "%d positions as before, one brokerage session"
        .formatted(drill.before().positionsCompared());
  }

  private static String begin(Drill drill) {
    return switch (drill.plan().kind()) {
      case SWITCHOVER, LOGIN_ONLY -> "the gate was shut";
      case CRASH, PARTITION, GATEWAY_CRASH -> "the fault";
    };
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
