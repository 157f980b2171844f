package io.understudy.node.core.leadership;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;

/**
 * The arithmetic of the lease, checked once. With T the session timeout: a renewal every {@code
 * renewInterval}; the lease ends {@code sessionTimeout - safetyMargin} after the send time of the
 * last-but-one acknowledged renewal; self-fencing begins {@code selfFenceLead} before that, and
 * must be over by then.
 *
 * @param sessionTimeout T, 2 s to 60 s
 * @param renewInterval h, at most T/4, so that a lease survives one lost renewal
 * @param safetyMargin for bunched touches and clock rates, at least T/20
 * @param selfFenceLead the time to close the relay, log out and kill
 */
@Immutable
public record LeaseTimings(
    Duration sessionTimeout,
    Duration renewInterval,
    Duration safetyMargin,
    Duration selfFenceLead) {
  public LeaseTimings {
    check(
        sessionTimeout.compareTo(Duration.ofSeconds(2)) >= 0
            && sessionTimeout.compareTo(Duration.ofSeconds(60)) <= 0,
        "lease.session-timeout",
        sessionTimeout,
        "2s to 60s");
    check(positive(renewInterval), "lease.renew-interval", renewInterval, "> 0s");
    check(
        renewInterval.multipliedBy(4).compareTo(sessionTimeout) <= 0,
        "lease.renew-interval",
        renewInterval,
        "at most a quarter of lease.session-timeout");
    check(
        safetyMargin.multipliedBy(20).compareTo(sessionTimeout) >= 0,
        "lease.safety-margin",
        safetyMargin,
        "at least a twentieth of lease.session-timeout");
    check(positive(selfFenceLead), "lease.self-fence-lead", selfFenceLead, "> 0s");
    check(
        sessionTimeout
                .minus(safetyMargin)
                .minus(selfFenceLead)
                .compareTo(renewInterval.multipliedBy(2).plus(renewInterval.dividedBy(2)))
            >= 0,
        "lease.self-fence-lead",
        selfFenceLead,
        "session-timeout - safety-margin - self-fence-lead of at least 2.5 renew intervals, or a healthy lease would end");
  }

  /**
   * The defaults for a session timeout: h = T/6, margin = T/10, self-fencing begins T/4 before the
   * end.
   */
  public static LeaseTimings of(Duration sessionTimeout) {
    return new LeaseTimings(
        sessionTimeout,
        sessionTimeout.dividedBy(6),
        sessionTimeout.dividedBy(10),
        sessionTimeout.dividedBy(4));
  }

  private static boolean positive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0;
  }

  private static void check(boolean holds, String key, Duration value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          key + ": " + value.toMillis() + "ms (expected: " + expected + ")");
    }
  }
}
