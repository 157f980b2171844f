package io.understudy.node.core.failover;

import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The fault of a drill: asked for once, by the instance that leads under the epoch in which the
 * drill began, within moments of the write that announces it.
 */
final class DrillFault {
  /** A fault that was not asked for by then is not made any more. */
  private static final Duration MADE_WITHIN = Duration.ofSeconds(10);

  /** How long the node that led is cut off at least, if the deadline allows it. */
  private static final Duration CUT_MIN = Duration.ofSeconds(45);

  /** From the end of its coordination session until another node serves. */
  private static final Duration TAKEOVER = Duration.ofSeconds(15);

  private DrillFault() {}

  static void inject(CellPass cell, GatewayRecords records, Drill drill) {
    boolean asked = cell.drill.injected().equals(drill.id());
    if (asked || !announced(drill) || !leadsAsAtBegin(cell, records, drill) || !cell.mayAct()) {
      return;
    }
    Instant announced = announcedAt(drill);
    boolean inTime = cell.reached(announced) && !cell.elapsed(announced, MADE_WITHIN);
    Duration left = Duration.between(cell.now.wall(), drill.deadline());
    if (cell.phase() != Phase.SERVING || !inTime || !left.isPositive()) {
      return;
    }
    Epoch epoch = cell.epoch;
    DrillKind kind = drill.plan().kind();
    Duration cut = cut(cell);
    Duration lasting = left.compareTo(cut) < 0 ? left : cut;
    EffectId fault =
        cell.effect(id ->
            new Effect.InjectFault(
                new EffectId(id), cell.gateway(), epoch, kind, drill.id(), lasting));
    cell.drill = cell.drill.injecting(drill.id(), fault);
  }

  /** Long enough for the session of the node that led to end, however long those last. */
  static Duration cut(CellPass cell) {
    Duration silence = cell.node.lease().sessionTimeout().multipliedBy(2).plus(TAKEOVER);
    return silence.compareTo(CUT_MIN) > 0 ? silence : CUT_MIN;
  }

  /** That the fault is about to be made can be read back. */
  private static boolean announced(Drill drill) {
    return drill.stage() == DrillStage.FAULT && drill.plan().kind().injected();
  }

  private static Instant announcedAt(Drill drill) {
    return drill.mark(DrillMark.FAULT).map(DrillMark::at).orElse(drill.startedAt());
  }

  /** This life of this node holds the claim under which the drill began. */
  static boolean leadsAsAtBegin(CellPass cell, GatewayRecords records, Drill drill) {
    return records
        .claim()
        .value()
        .filter(claim -> drill.beganUnder(claim) && cell.isUs(claim))
        .isPresent();
  }

  /** Why the fault was not made, where this node should have made it. */
  static Optional<String> notMade(CellPass cell, GatewayRecords records, Drill drill) {
    if (!announced(drill) || !leadsAsAtBegin(cell, records, drill)) {
      return Optional.empty();
    }
    boolean asked = cell.drill.injected().equals(drill.id());
    Optional<EffectId> ended = cell.drill.injection().filter(cell::finished);
    if (asked && ended.isPresent() && !cell.succeeded(ended.orElseThrow())) {
      return Optional.of(
          "the fault could not be made on node "
              + cell.node.self()
              + ": "
              + cell.failure(ended.orElseThrow()));
    }
    return !asked && cell.elapsed(announcedAt(drill), MADE_WITHIN)
        ? Optional.of("the fault was not made in time on node " + cell.node.self())
        : Optional.empty();
  }
}
