package io.understudy.node.core.leadership;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.util.stream.Collectors;

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
  private static final Duration SESSION_TIMEOUT_MIN = Duration.ofSeconds(2);
  private static final Duration SESSION_TIMEOUT_MAX = Duration.ofSeconds(60);

  public LeaseTimings {
    ImmutableList<Violation> violations =
        violations(sessionTimeout, renewInterval, safetyMargin, selfFenceLead);
    if (!violations.isEmpty()) {
      throw new IllegalArgumentException(
          violations.stream().map(Violation::toString).collect(Collectors.joining("; ")));
    }
  }

  /**
   * A relation that does not hold.
   *
   * @param key the setting's last word
   */
  @Immutable
  public record Violation(String key, Duration value, String expected) {
    @Override
    public String toString() {
      return "lease." + key + ": " + value.toMillis() + "ms (expected: " + expected + ")";
    }
  }

  /** Everything that is wrong with these values; empty when they may be constructed. */
  public static ImmutableList<Violation> violations(
      Duration sessionTimeout,
      Duration renewInterval,
      Duration safetyMargin,
      Duration selfFenceLead) {
    ImmutableList.Builder<Violation> found = ImmutableList.builder();
    if (sessionTimeout.compareTo(SESSION_TIMEOUT_MIN) < 0
        || sessionTimeout.compareTo(SESSION_TIMEOUT_MAX) > 0) {
      found.add(new Violation("session-timeout", sessionTimeout, "2s to 60s"));
    }
    if (!positive(renewInterval) || renewInterval.multipliedBy(4).compareTo(sessionTimeout) > 0) {
      found.add(
          new Violation(
              "renew-interval", renewInterval, "> 0s, at most a quarter of session-timeout"));
    }
    if (safetyMargin.multipliedBy(20).compareTo(sessionTimeout) < 0) {
      found.add(
          new Violation("safety-margin", safetyMargin, "at least a twentieth of session-timeout"));
    }
    Duration steady = sessionTimeout.minus(safetyMargin).minus(selfFenceLead);
    Duration needed = renewInterval.multipliedBy(5).dividedBy(2);
    if (!positive(selfFenceLead) || steady.compareTo(needed) < 0) {
      found.add(
          new Violation(
              "self-fence-lead",
              selfFenceLead,
              "> 0s, and session-timeout - safety-margin - self-fence-lead of at least 2.5 renew"
                  + " intervals, or a healthy lease would end"));
    }
    return found.build();
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
}
