package io.understudy.node.metrics;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static io.understudy.node.testing.ClusterScript.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.metrics.TakeoverClock.Step;
import io.understudy.node.metrics.TakeoverClock.Takeover;
import io.understudy.node.testing.ClusterScript;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TakeoversTest {
  private final ClusterScript cluster = new ClusterScript();
  private final TakeoverClock clock = new TakeoverClock(LIVE);

  private Optional<Takeover> enter(Phase phase, long epoch, Duration after) {
    cluster.after(after).cell(A, phase, epoch);
    return clock.observe(cluster.status());
  }

  private void expectNothingFrom(Phase phase, long epoch, int afterSeconds) {
    assertThat(enter(phase, epoch, Duration.ofSeconds(afterSeconds))).isEmpty();
  }

  @Test
  void eachPhaseOfATakeoverIsMeasuredAndItsWholeFromTheClaimOn() {
    expectNothingFrom(Phase.CLAIMING, 0, 100);
    expectNothingFrom(Phase.FENCING, 7, 1);
    expectNothingFrom(Phase.LOGGING_IN, 7, 2);
    expectNothingFrom(Phase.VERIFYING, 7, 4);
    expectNothingFrom(Phase.RECONCILING, 7, 8);
    Takeover takeover = enter(Phase.SERVING, 7, Duration.ofSeconds(16)).orElseThrow();
    assertThat(takeover.epoch()).isEqualTo(new Epoch(7));
    assertThat(takeover.clean()).isTrue();
    assertThat(takeover.total()).isEqualTo(Duration.ofSeconds(31));
    assertThat(takeover.steps())
        .containsEntry(Step.FENCE, Duration.ofSeconds(2))
        .containsEntry(Step.CLAIM, Duration.ofSeconds(1))
        .containsEntry(Step.LOGIN, Duration.ofSeconds(4))
        .containsEntry(Step.VERIFY, Duration.ofSeconds(8))
        .containsEntry(Step.RECONCILE, Duration.ofSeconds(16))
        .hasSize(5);
  }

  @Test
  void aLostLeaderMakesItUncleanAndItsSilenceUntilTheClaimIsTheDetection() {
    cluster.custody(B, 6);
    expectNothingFrom(Phase.CLAIMING, 0, 1);
    expectNothingFrom(Phase.FENCING, 7, 1);
    cluster.custody(A, 7);
    expectNothingFrom(Phase.LOGGING_IN, 7, 1);
    Takeover takeover = enter(Phase.SERVING, 7, Duration.ofSeconds(1)).orElseThrow();
    assertThat(takeover.clean()).isFalse();
    assertThat(takeover.steps()).containsEntry(Step.DETECT, Duration.ofMillis(400));
  }

  @Test
  void aPhaseThatIsGoneThroughAgainCountsWithAllItsTime() {
    expectNothingFrom(Phase.CLAIMING, 0, 1);
    expectNothingFrom(Phase.LOGGING_IN, 7, 1);
    expectNothingFrom(Phase.VERIFYING, 7, 5);
    expectNothingFrom(Phase.LOGGING_IN, 7, 1);
    expectNothingFrom(Phase.VERIFYING, 7, 7);
    Takeover takeover = enter(Phase.SERVING, 7, Duration.ofSeconds(1)).orElseThrow();
    assertThat(takeover.steps()).containsEntry(Step.LOGIN, Duration.ofSeconds(12));
  }

  @Test
  void whatDoesNotComeToServingIsNoTakeoverNorIsALoginInTheMidstOfServing() {
    expectNothingFrom(Phase.CLAIMING, 0, 1);
    expectNothingFrom(Phase.FENCING, 7, 1);
    expectNothingFrom(Phase.STANDBY, 0, 1);
    expectNothingFrom(Phase.LOGGING_IN, 7, 1);
    expectNothingFrom(Phase.SERVING, 7, 1);
  }

  private LeaderChange change(long epoch) {
    return LeaderChange.of(cluster.status(), LIVE, new Epoch(epoch));
  }

  @Test
  void theReasonOfAChangeOfLeaderIsReadFromTheRecordsAtTheClaim() {
    assertThat(change(1)).isEqualTo(LeaderChange.FIRST);
    assertThat(change(7)).isEqualTo(LeaderChange.CEDED);
    cluster.custody(B, 6);
    assertThat(change(7)).isEqualTo(LeaderChange.LOST);
    cluster.noCustody().switchover(B, A, 6, "r1");
    assertThat(change(7)).isEqualTo(LeaderChange.SWITCHOVER);
    cluster.noCustody().switchover(A, B, 6, "r2");
    assertThat(change(7)).isEqualTo(LeaderChange.CEDED);
  }
}
