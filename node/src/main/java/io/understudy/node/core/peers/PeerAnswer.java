package io.understudy.node.core.peers;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.time.Instant;

/**
 * An answered probe.
 *
 * @param roundTrip without the time that the peer took; never negative
 * @param clockOffset the peer's wall clock less ours; wrong by half the round trip at most
 */
@Immutable
public record PeerAnswer(PeerReport report, Duration roundTrip, Duration clockOffset) {
  /** No two clocks are further apart; within it each unit of time fits a number. */
  public static final Duration CLOCKS_APART_MAX = Duration.ofDays(36_500);

  /**
   * Measures as NTP does: what the two ways and the two clocks add is told apart by supposing that
   * both ways take the same time.
   *
   * @param sentAt our wall clock when the probe went out
   * @param elapsed until the answer came, by our monotonic clock: a wall clock that is set in
   *     between spoils one measurement only by what the peer's two readings say
   * @param receivedAt the peer's wall clock when the probe came
   * @param answeredAt the peer's wall clock when the answer went out. Whatever the peer says,
   *     nothing that is measured exceeds {@link #CLOCKS_APART_MAX}
   */
  public static PeerAnswer measured(
      PeerReport report, Instant sentAt, Duration elapsed, Instant receivedAt, Instant answeredAt) {
    Duration roundTrip = elapsed.minus(Duration.between(receivedAt, answeredAt));
    Duration there = Duration.between(sentAt, receivedAt);
    Duration back = Duration.between(sentAt.plus(elapsed), answeredAt);
    return new PeerAnswer(
        report,
        roundTrip.isNegative() ? Duration.ZERO : bounded(roundTrip),
        bounded(there.plus(back).dividedBy(2)));
  }

  private static Duration bounded(Duration measured) {
    if (measured.abs().compareTo(CLOCKS_APART_MAX) <= 0) {
      return measured;
    }
    return measured.isNegative() ? CLOCKS_APART_MAX.negated() : CLOCKS_APART_MAX;
  }

  /** How much of the offset is certain, whatever each of the two ways took; never negative. */
  Duration certainOffset() {
    Duration certain = clockOffset.abs().minus(roundTrip.dividedBy(2));
    return certain.isNegative() ? Duration.ZERO : certain;
  }
}
