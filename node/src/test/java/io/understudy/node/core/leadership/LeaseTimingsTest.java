package io.understudy.node.core.leadership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LeaseTimingsTest {
  private static List<String> violations(long session, long renew, long margin, long lead) {
    return LeaseTimings.violations(
            Duration.ofMillis(session),
            Duration.ofMillis(renew),
            Duration.ofMillis(margin),
            Duration.ofMillis(lead))
        .stream()
        .map(LeaseTimings.Violation::toString)
        .toList();
  }

  @Test
  void theDefaultsHoldForEverySessionTimeoutThatIsAllowed() {
    for (long seconds = 2; seconds <= 60; seconds++) {
      LeaseTimings timings = LeaseTimings.of(Duration.ofSeconds(seconds));
      assertThat(timings.renewInterval()).isEqualTo(Duration.ofSeconds(seconds).dividedBy(6));
      assertThat(timings.renewInterval()).isGreaterThan(Lease.SPACING_MIN);
    }
  }

  @Test
  void sessionTimeoutsBeyondTheirBoundsAreRefused() {
    assertThat(violations(1_999, 300, 200, 400))
        .containsExactly("lease.session-timeout: 1999ms (expected: 2s to 60s)");
    assertThat(violations(60_001, 10_000, 6_000, 15_000)).hasSize(1);
    assertThat(violations(60_000, 10_000, 6_000, 15_000)).isEmpty();
  }

  @Test
  void aRenewalMustSurviveALostOne() {
    assertThat(violations(6_000, 1_500, 600, 1_500)).isEmpty();
    assertThat(violations(6_000, 1_501, 600, 1_500))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("lease.renew-interval: 1501ms");
    assertThat(violations(6_000, 0, 600, 1_500)).isNotEmpty();
  }

  @Test
  void theMarginCoversClockRatesAndBunchedTouches() {
    assertThat(violations(6_000, 1_000, 300, 1_500)).isEmpty();
    assertThat(violations(6_000, 1_000, 299, 1_500)).hasSize(1);
  }

  @Test
  void aHealthyLeaseMustNotEnd() {
    // 6000 - 600 - lead must be at least 2500.
    assertThat(violations(6_000, 1_000, 600, 2_900)).isEmpty();
    assertThat(violations(6_000, 1_000, 600, 2_901)).hasSize(1);
    assertThat(violations(6_000, 1_000, 600, 0)).hasSize(1);
  }

  @Test
  void everythingWrongIsSaidAtOnce() {
    assertThatThrownBy(() ->
            new LeaseTimings(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "session-timeout", "renew-interval", "safety-margin", "self-fence-lead");
  }
}
