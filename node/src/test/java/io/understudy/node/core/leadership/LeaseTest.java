package io.understudy.node.core.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.SessionId;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LeaseTest {
  private static final LeaseTimings TIMINGS = LeaseTimings.of(Duration.ofSeconds(6));
  private static final SessionId SESSION = new SessionId(0x1000);

  private static MonotonicTime at(long millis) {
    return new MonotonicTime(0).plus(Duration.ofMillis(millis));
  }

  private static Optional<Lease> renewedAt(SessionId session, long... millis) {
    Optional<Lease> lease = Optional.empty();
    for (long sent : millis) {
      lease = Optional.of(Lease.renewed(lease, session, at(sent), at(sent)));
    }
    return lease;
  }

  private static Optional<MonotonicTime> end(Optional<Lease> lease) {
    return lease.flatMap(l -> l.end(TIMINGS));
  }

  @Test
  void oneRenewalAloneGivesNoLease() {
    assertThat(end(renewedAt(SESSION, 0))).isEmpty();
  }

  @Test
  void theLeaseRunsFromTheLastButOneRenewal() {
    // T = 6 s, margin 0.6 s: 5.4 s after the send time of the last but one.
    assertThat(end(renewedAt(SESSION, 0, 1_000))).contains(at(5_400));
    assertThat(end(renewedAt(SESSION, 0, 1_000, 2_000))).contains(at(6_400));
  }

  @Test
  void selfFencingBeginsSoMuchBeforeTheEndAsItMayTake() {
    assertThat(renewedAt(SESSION, 0, 1_000).flatMap(l -> l.selfFenceAt(TIMINGS)))
        .contains(at(3_900));
  }

  @Test
  void aRenewalRightAfterAnotherProlongsNothing() {
    assertThat(end(renewedAt(SESSION, 0, 1_000, 1_050))).contains(at(5_400));
    assertThat(end(renewedAt(SESSION, 0, 1_000, 1_299))).contains(at(5_400));
    assertThat(end(renewedAt(SESSION, 0, 1_000, 1_300))).contains(at(6_400));
  }

  /** Found by the protocol's model: renewals-spaced-from-send-to-send. */
  @Test
  void aRenewalRightAfterASlowAnswerProlongsNothing() {
    Optional<Lease> lease = renewedAt(SESSION, 0);
    Lease slow = Lease.renewed(lease, SESSION, at(3_000), at(3_290));
    assertThat(slow.end(TIMINGS)).contains(at(5_400));
    Optional<Lease> one = Optional.of(slow);
    assertThat(Lease.renewed(one, SESSION, at(3_300), at(3_301)).end(TIMINGS)).contains(at(5_400));
    assertThat(Lease.renewed(one, SESSION, at(3_590), at(3_591)).end(TIMINGS)).contains(at(8_400));
  }

  @Test
  void renewalsInABurstDoNotHoldTheRegularOnesUp() {
    assertThat(end(renewedAt(SESSION, 0, 1_000, 1_050, 1_100, 1_290, 2_000))).contains(at(6_400));
    assertThat(end(renewedAt(SESSION, 0, 50, 100))).isEmpty();
  }

  @Test
  void aNewSessionStartsAnew() {
    Optional<Lease> old = renewedAt(SESSION, 0, 1_000);
    Lease fresh = Lease.renewed(old, new SessionId(0x1001), at(2_000), at(2_000));
    assertThat(fresh.end(TIMINGS)).isEmpty();
    assertThat(
            Lease.renewed(Optional.of(fresh), new SessionId(0x1001), at(3_000), at(3_000))
                .end(TIMINGS))
        .contains(at(7_400));
  }
}
