package io.understudy.node.core.failover;

import io.understudy.node.core.leadership.Lease;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import java.time.Duration;
import java.util.Optional;

/**
 * Renewals of the lease and reads of coordination: one of each in flight, on schedule, and at once
 * where something changed.
 */
final class CoordinationRules {
  private static final Duration TELL_PAUSE = Duration.ofMillis(50);
  private static final Duration RENEW_AGAIN = Duration.ofMillis(200);
  private static final Duration READ_AGAIN = Duration.ofMillis(200);

  private CoordinationRules() {}

  /** The renewals after this pass; each carries the node's record. */
  static NodeState.Renewals renew(NodePass pass, NodeState.Renewals before, NodeRecord self) {
    MonotonicTime now = pass.now.monotonic();
    MonotonicTime nextAt = earlier(before.nextAt(), sooner(pass, before));
    Optional<EffectId> inFlight = unlessOver(pass, before.inFlight());
    NodeState.Renewals waiting =
        new NodeState.Renewals(inFlight, nextAt, before.lastAt(), before.published());
    boolean reachable = pass.seen.connected() || pass.seen.lease().isPresent();
    if (inFlight.isPresent() || !reachable) {
      return waiting;
    }
    // After a slow answer it waits a little: one right behind it would not count.
    MonotonicTime dueAt = later(nextAt, pass.seen.lease().map(Lease::spacedAt).orElse(nextAt));
    boolean untold = !self.cells().equals(before.published());
    MonotonicTime at = untold ? earlier(dueAt, before.lastAt().plus(TELL_PAUSE)) : dueAt;
    if (now.isBefore(at)) {
      pass.wakeAt(at);
      return waiting;
    }
    // News goes out in between: two renewals close to each other do not prolong the lease.
    boolean regular = !now.isBefore(dueAt);
    return new NodeState.Renewals(
        Optional.of(pass.effect(id -> new Effect.RenewLease(new EffectId(id), self))),
        regular ? now.plus(pass.settings.lease().renewInterval()) : nextAt,
        now,
        self.cells());
  }

  /**
   * When a renewal should go out before its regular time: soon after one that failed, and soon
   * after one that followed a gap, for the lease counts from the last but one.
   */
  private static MonotonicTime sooner(NodePass pass, NodeState.Renewals before) {
    boolean failed =
        before.inFlight().map(pass.seen.outcomes()::get).orElse(null)
                instanceof Observation.EffectFinished end
            && !end.succeeded();
    if (failed) {
      return pass.now.monotonic().plus(RENEW_AGAIN);
    }
    Duration regular = before.nextAt().since(before.lastAt());
    return pass.seen
        .lease()
        .filter(lease -> !lease.lastSent().isBefore(before.lastAt()))
        .filter(lease ->
            lease
                .previousSent()
                .map(p -> lease.lastSent().since(p).compareTo(regular.plus(regular)) > 0)
                .orElse(true))
        .map(Lease::spacedAt)
        .orElse(before.nextAt());
  }

  /**
   * The reads after this pass.
   *
   * @param needed a cell waits for records that are newer than those it has
   */
  static NodeState.Reads read(NodePass pass, NodeState.Reads before, boolean needed) {
    MonotonicTime now = pass.now.monotonic();
    boolean failed = before.inFlight().filter(id -> failed(pass, id)).isPresent();
    MonotonicTime notBefore = failed ? now.plus(READ_AGAIN) : before.notBefore();
    Optional<EffectId> inFlight = unlessOver(pass, before.inFlight());
    NodeState.Reads waiting = new NodeState.Reads(inFlight, before.nextAt(), notBefore);
    if (inFlight.isPresent() || !pass.seen.connected()) {
      return waiting;
    }
    boolean wanted = pass.seen.readWanted() || needed;
    MonotonicTime at = wanted ? earlier(notBefore, before.nextAt()) : before.nextAt();
    if (now.isBefore(at)) {
      pass.wakeAt(at);
      return waiting;
    }
    return new NodeState.Reads(
        Optional.of(pass.effect(id -> new Effect.ReadCoordination(new EffectId(id)))),
        now.plus(pass.settings.lease().renewInterval()),
        notBefore);
  }

  private static boolean failed(NodePass pass, EffectId read) {
    return pass.seen.outcomes().get(read) instanceof Observation.CoordinationRead end
        && end.snapshot().isEmpty();
  }

  private static Optional<EffectId> unlessOver(NodePass pass, Optional<EffectId> effect) {
    return effect.filter(id -> !pass.seen.outcomes().containsKey(id));
  }

  private static MonotonicTime earlier(MonotonicTime first, MonotonicTime second) {
    return first.isBefore(second) ? first : second;
  }

  private static MonotonicTime later(MonotonicTime first, MonotonicTime second) {
    return first.isAfter(second) ? first : second;
  }
}
