package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerWatch;
import java.time.Duration;
import java.util.Optional;

/**
 * Another node of the cluster, and the probing of it.
 *
 * @param probe in flight
 * @param probeAt when the next one is due
 * @param told per condition, what the history was last told of it
 */
@Immutable
public record WatchedPeer(
    PeerWatch watch,
    Optional<EffectId> probe,
    MonotonicTime probeAt,
    ImmutableSortedMap<PeerCondition.Type, Told> told) {

  /**
   * That it held, or no longer held, and when that was told.
   *
   * @param lines how many were told without an hour of silence in between
   */
  @Immutable
  public record Told(boolean held, MonotonicTime at, int lines) {
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final int LINES_COUNTED_MAX = 2;

    static Told first(boolean held, MonotonicTime now) {
      return new Told(held, now, 1);
    }

    Told next(boolean nowHeld, MonotonicTime now) {
      return now.since(at).compareTo(FORGOTTEN_AFTER) >= 0
          ? first(nowHeld, now)
          : new Told(nowHeld, now, Math.min(lines, LINES_COUNTED_MAX) + 1);
    }

    /** From when on the next change may be told: a condition that comes and goes is told rarely. */
    MonotonicTime quietUntil() {
      return at.plus(
          switch (lines) {
            case 1 -> Duration.ofMinutes(1);
            case 2 -> Duration.ofMinutes(5);
            default -> Duration.ofMinutes(30);
          });
    }
  }

  WatchedPeer with(PeerWatch value) {
    return value.equals(watch) ? this : new WatchedPeer(value, probe, probeAt, told);
  }
}
