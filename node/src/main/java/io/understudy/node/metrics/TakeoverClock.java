package io.understudy.node.metrics;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.loop.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Measures this node's takeovers of one gateway, from the claim to serving, out of successive
 * statuses. A takeover that does not come to serving is not measured. For one thread.
 */
final class TakeoverClock {
  /** What a takeover consists of. */
  enum Step {
    /** From the last sign of life of a former leader that was lost, to the claim. */
    DETECT,
    CLAIM,
    FENCE,
    LOGIN,
    VERIFY,
    RECONCILE
  }

  /**
   * A takeover that has come to serving.
   *
   * @param clean the former leader had given up in good order
   * @param total from the claim on, so without {@link Step#DETECT}
   * @param steps those that there were; one that was gone through again counts with all its time
   */
  record Takeover(Epoch epoch, boolean clean, Duration total, ImmutableMap<Step, Duration> steps) {}

  private static final class Run {
    private final Instant start;
    private final ImmutableMap<NodeId, Duration> silences;
    private final Map<Step, Duration> spent = new EnumMap<>(Step.class);
    private Optional<NodeId> lost = Optional.empty();

    Run(Instant start, ImmutableMap<NodeId, Duration> silences) {
      this.start = start;
      this.silences = silences;
    }
  }

  private final GatewayId gateway;
  private Optional<Run> run = Optional.empty();
  private Optional<CellRecord> former = Optional.empty();

  TakeoverClock(GatewayId gateway) {
    this.gateway = gateway;
  }

  /** The takeover that this status shows to be complete. */
  Optional<Takeover> observe(NodeStatus status) {
    Optional<CellRecord> present = status.self().cell(gateway);
    if (present.isEmpty()) {
      return Optional.empty();
    }
    CellRecord cell = present.get();
    Optional<Takeover> done = Optional.empty();
    if (former.filter(f -> sameStay(f, cell)).isEmpty()) {
      run.ifPresent(r -> former.ifPresent(f -> leave(r, f, cell.phaseSince())));
      done = enter(cell, status);
      former = present;
    }
    if (cell.phase() == Phase.FENCING) {
      run.ifPresent(r -> r.lost = r.lost.or(() -> formerHolder(status, gateway, cell.epoch())));
    }
    return done;
  }

  private static boolean sameStay(CellRecord before, CellRecord now) {
    return before.phase() == now.phase() && before.phaseSince().equals(now.phaseSince());
  }

  private static void leave(Run run, CellRecord left, Instant at) {
    step(left.phase())
        .ifPresent(step -> run.spent.merge(step, between(left.phaseSince(), at), Duration::plus));
  }

  private Optional<Takeover> enter(CellRecord cell, NodeStatus status) {
    return switch (cell.phase()) {
      case CLAIMING -> {
        run = Optional.of(new Run(cell.phaseSince(), status.lastContact()));
        yield Optional.empty();
      }
      case FENCING, LOGGING_IN, VERIFYING, RECONCILING, NEEDS_OPERATOR -> Optional.empty();
      case SERVING -> {
        Optional<Takeover> done = run.map(r -> complete(r, cell));
        run = Optional.empty();
        yield done;
      }
      case STANDBY, CEDING, SELF_FENCING -> {
        run = Optional.empty();
        yield Optional.empty();
      }
    };
  }

  private static Takeover complete(Run run, CellRecord cell) {
    run.lost.map(run.silences::get).ifPresent(silence -> run.spent.put(Step.DETECT, silence));
    return new Takeover(
        cell.epoch(),
        run.lost.isEmpty(),
        between(run.start, cell.phaseSince()),
        ImmutableMap.copyOf(run.spent));
  }

  /** Whose custody stands in the records, other than that of the epoch: who did not give it up. */
  static Optional<NodeId> formerHolder(NodeStatus status, GatewayId gateway, Epoch epoch) {
    return status
        .cluster()
        .flatMap(cluster -> Optional.ofNullable(cluster.gateways().get(gateway)))
        .flatMap(records -> records.custody().value())
        .filter(custody -> !custody.epoch().equals(epoch))
        .map(Custody::node);
  }

  private static Optional<Step> step(Phase phase) {
    return switch (phase) {
      case CLAIMING -> Optional.of(Step.CLAIM);
      case FENCING -> Optional.of(Step.FENCE);
      case LOGGING_IN -> Optional.of(Step.LOGIN);
      case VERIFYING -> Optional.of(Step.VERIFY);
      case RECONCILING -> Optional.of(Step.RECONCILE);
      case STANDBY, SERVING, CEDING, SELF_FENCING, NEEDS_OPERATOR -> Optional.empty();
    };
  }

  /** The wall clock may be set back in between. */
  private static Duration between(Instant from, Instant to) {
    return to.isAfter(from) ? Duration.between(from, to) : Duration.ZERO;
  }
}
