package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.model.SessionId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When renewals go out, on a node without gateways; T = 6 s, so a regular one every second. */
final class RenewalScheduleTest {
  private static final NodeSettings SETTINGS =
      new NodeSettings(
          new NodeId("a"),
          new InstanceId("life-1"),
          "a:1",
          "test",
          LeaseTimings.of(Duration.ofSeconds(6)),
          ImmutableList.of());
  private static final SessionId SESSION = new SessionId(0x1000);

  private Observations seen =
      Observations.none(at(0).monotonic()).with(new Observation.Connected(), at(0));
  private NodeState state = NodeState.initial(SETTINGS, at(0));

  private static Now at(long millis) {
    Duration since = Duration.ofMillis(millis);
    return new Now(
        Instant.parse("2026-03-02T10:00:00Z").plus(since), new MonotonicTime(0).plus(since));
  }

  /** Whether a pass at that moment sends a renewal. */
  private boolean sendsAt(long millis) {
    Decision decision = NodeDecider.decide(SETTINGS, seen, state, at(millis));
    state = decision.next();
    seen = seen.after(decision);
    return decision.effects().stream().anyMatch(Effect.RenewLease.class::isInstance);
  }

  private void answered(long sent, long millis) {
    EffectId renewal = state.renewals().inFlight().orElseThrow();
    seen =
        seen.with(
            new Observation.LeaseRenewed(
                renewal, SESSION, at(sent).monotonic(), at(millis).monotonic()),
            at(millis));
  }

  private void failed(long millis) {
    EffectId renewal = state.renewals().inFlight().orElseThrow();
    seen = seen.with(new Observation.EffectFinished(renewal, false, "no answer"), at(millis));
  }

  @Test
  void theSecondRenewalFollowsSoonAndTheOthersRegularly() {
    assertThat(sendsAt(0)).isTrue();
    answered(0, 10);
    assertThat(sendsAt(309)).isFalse();
    assertThat(sendsAt(310)).isTrue();
    answered(310, 320);
    assertThat(sendsAt(1_309)).isFalse();
    assertThat(sendsAt(1_310)).isTrue();
  }

  @Test
  void oneThatFailedIsFollowedByAnotherAfterAMoment() {
    assertThat(sendsAt(0)).isTrue();
    answered(0, 10);
    assertThat(sendsAt(310)).isTrue();
    answered(310, 320);
    assertThat(sendsAt(1_310)).isTrue();
    failed(1_400);
    assertThat(sendsAt(1_400)).isFalse();
    assertThat(sendsAt(1_599)).isFalse();
    assertThat(sendsAt(1_600)).isTrue();
  }

  @Test
  void afterASlowAnswerTheNextWaitsUntilItCounts() {
    assertThat(sendsAt(0)).isTrue();
    answered(0, 10);
    assertThat(sendsAt(310)).isTrue();
    answered(310, 1_290);
    assertThat(sendsAt(1_310)).isFalse();
    assertThat(sendsAt(1_589)).isFalse();
    assertThat(sendsAt(1_590)).isTrue();
  }
}
