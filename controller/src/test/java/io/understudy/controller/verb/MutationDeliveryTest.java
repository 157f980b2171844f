package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.understudy.controller.Clusters;
import io.understudy.controller.FakeControlPlane;
import io.understudy.controller.Harness;
import io.understudy.v1.Cluster;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Phase;
import io.understudy.v1.Result.Outcome;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request finds the leader, and what becomes of it when nodes and connections fail. */
final class MutationDeliveryTest {
  private static final String LEADER = "127.0.0.1:7101";
  private static final String OTHER = "127.0.0.1:7102";

  private Harness harness;

  @BeforeEach
  void start(@TempDir Path home) {
    harness = new Harness(home);
    harness.variables.put("NO_COLOR", "1");
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void theRequestGoesToTheLeaderWhoeverAnsweredFirst() {
    Cluster seenByB = Clusters.serving().toBuilder().setAnsweredBy("b").build();
    FakeControlPlane standby = harness.node(OTHER, seenByB);
    FakeControlPlane leader = leader().end(Outcome.OUTCOME_DONE, "done");
    assertThat(harness.run("pause", "-m", "r").exitCode()).isZero();
    assertThat(standby.mutations).isEmpty();
    assertThat(leader.mutations).hasSize(1);
  }

  @Test
  void notLeaderIsFollowedWithTheSameRequestId() {
    FakeControlPlane former = leader().refuse(notLeader(OTHER));
    FakeControlPlane next =
        harness.node(OTHER, Clusters.serving()).end(Outcome.OUTCOME_DONE, "done");
    assertThat(harness.run("pause", "-m", "r").exitCode()).isZero();
    assertThat(next.mutations).isEqualTo(former.mutations);
  }

  @Test
  void notLeaderIsFollowedThreeTimesAtMost() {
    FakeControlPlane one = leader().refuse(notLeader(OTHER));
    FakeControlPlane other = harness.node(OTHER, Clusters.serving()).refuse(notLeader(LEADER));
    Harness.Run run = harness.run("pause", "-m", "r");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("refused (NOT_LEADER): The leader of live kept moving");
    assertThat(one.mutations.size() + other.mutations.size()).isEqualTo(4);
  }

  @Test
  void noQuorumIsTriedAgainWithTheSameRequestId() {
    FakeControlPlane node =
        leader()
            .refuse(FakeControlPlane.error(Code.UNAVAILABLE, "NO_QUORUM", "No quorum", Map.of()))
            .refuse(FakeControlPlane.error(Code.UNAVAILABLE, "NO_LEADER", "No leader", Map.of()))
            .end(Outcome.OUTCOME_DONE, "done");
    assertThat(harness.run("pause", "-m", "r").exitCode()).isZero();
    assertThat(node.mutations.stream().map(MutationRequest::getRequestId).distinct()).hasSize(1);
    assertThat(node.mutations).hasSize(3);
    assertThat(harness.pauses).hasSize(2);
  }

  @Test
  void aNodeThatDiesBeforeItHeardAnythingIsReplacedByTheNext() {
    FakeControlPlane b =
        harness.node(OTHER, Clusters.serving().toBuilder().setAnsweredBy("b").build());
    harness.node(LEADER, Clusters.serving());
    harness.kill(LEADER);
    b.end(Outcome.OUTCOME_DONE, "done");
    harness.duringPause =
        () -> {
          Cluster.Builder changed = Clusters.serving().toBuilder().setAnsweredBy("b");
          changed.getGatewaysBuilder(0).setLeader("b");
          b.become(changed.build());
        };
    assertThat(harness.run("pause", "-m", "r").exitCode()).isZero();
    assertThat(b.mutations).hasSize(1);
  }

  @Test
  void aLeaderThatCannotBeReachedIsUnreachableAndNotUnknown() {
    FakeControlPlane b =
        harness.node(OTHER, Clusters.serving().toBuilder().setAnsweredBy("b").build());
    harness.node(LEADER, Clusters.serving());
    harness.kill(LEADER);
    Harness.Run run = harness.run("pause", "-m", "r", "--timeout", "1500ms");
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(b.mutations).isEmpty();
  }

  @Test
  void aConnectionLostAfterTheRequestIsRepeatedAndThenUnknown() {
    FakeControlPlane node = leader().refuse(Status.UNAVAILABLE.asRuntimeException());
    Harness.Run run = harness.run("pause", "-m", "r", "--timeout", "1500ms");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err())
        .contains("It is not known whether it was carried out")
        .contains("--request-id " + node.mutations.getFirst().getRequestId());
    assertThat(node.mutations.stream().map(MutationRequest::getRequestId).distinct()).hasSize(1);
    assertThat(node.mutations).hasSizeGreaterThan(1);
  }

  @Test
  void aRefusalOfARepetitionLeavesTheOutcomeUnknown() {
    leader()
        .refuse(Status.UNAVAILABLE.asRuntimeException())
        .refuse(FakeControlPlane.error(Code.ABORTED, "STALE_EPOCH", "Epoch 8 now.", Map.of()));
    assertThat(harness.run("pause", "-m", "r").exitCode()).isEqualTo(4);
  }

  @Test
  void aRunningOperationThatLosesItsNodeIsAskedForAgain() {
    FakeControlPlane node =
        leader()
            .reply(observer -> {
              observer.onNext(Clusters.progress(Phase.PHASE_CEDING, "logging out"));
              observer.onError(Status.UNAVAILABLE.asRuntimeException());
            })
            .end(Outcome.OUTCOME_DONE, "b serves");
    Harness.Run run = harness.run("failover", "-y", "-m", "drill");
    assertThat(run.exitCode()).isZero();
    assertThat(node.mutations.get(1)).isEqualTo(node.mutations.get(0));
  }

  @Test
  void anOperationThatItsNodeLostSightOfIsAskedForAgain() {
    FakeControlPlane node =
        leader()
            .refuse(
                FakeControlPlane.error(
                    Code.DEADLINE_EXCEEDED, "OUTCOME_UNKNOWN", "The node stops.", Map.of()))
            .end(Outcome.OUTCOME_DONE, "b serves");
    assertThat(harness.run("failover", "-y", "-m", "drill").exitCode()).isZero();
    assertThat(node.mutations.get(1)).isEqualTo(node.mutations.get(0));
  }

  @Test
  void aStreamThatEndsWithoutAResultLeavesTheOutcomeUnknown() {
    leader().tell(Clusters.progress(Phase.PHASE_CEDING, "logging out"));
    Harness.Run run = harness.run("failover", "-y", "-m", "drill");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("ended the call without a result");
  }

  @Test
  void whoDoesNotWaitIsToldThatItGoesOn() {
    leader()
        .reply(observer -> observer.onNext(Clusters.progress(Phase.PHASE_CEDING, "logging out")));
    Harness.Run run = harness.run("failover", "-y", "-m", "drill", "--no-wait");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Accepted (live): it goes on by itself");
  }

  @Test
  void waitingEndsAfterTheWaitTimeoutWithTheOutcomeUnknown() {
    leader()
        .reply(observer -> observer.onNext(Clusters.progress(Phase.PHASE_CEDING, "logging out")));
    Harness.Run run =
        harness.run("failover", "-y", "-m", "drill", "--wait", "--wait-timeout", "200ms");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("outcome unknown (STILL_RUNNING): Not finished after 200 ms.");
  }

  @Test
  void aNodeThatNeverAnswersLeavesTheOutcomeUnknown() {
    leader().reply(_ -> {});
    Harness.Run run = harness.run("pause", "-m", "r", "--timeout", "1500ms");
    assertThat(run.exitCode()).isEqualTo(4);
    assertThat(run.err()).contains("No answer within 1.5 s.");
  }

  private FakeControlPlane leader() {
    return harness.node(LEADER, Clusters.serving());
  }

  private static StatusRuntimeException notLeader(String address) {
    return FakeControlPlane.error(
        Code.FAILED_PRECONDITION,
        "NOT_LEADER",
        "Not the leader",
        Map.of("leader", "x", "leader_address", address));
  }
}
