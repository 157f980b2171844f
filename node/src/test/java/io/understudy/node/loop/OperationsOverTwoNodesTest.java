package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.understudy.node.api.InProcessApi;
import io.understudy.node.api.Received;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.positions.Position;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneStub;
import io.understudy.v1.FailoverRequest;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.LoginRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Progress;
import io.understudy.v1.ReconcileRequest;
import io.understudy.v1.Result;
import io.understudy.v1.Result.Outcome;
import io.understudy.v1.SetAutomationRequest;
import java.math.BigDecimal;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The goals of operations against what two real loops do. */
class OperationsOverTwoNodesTest extends LivePair {
  private InProcessApi apiOfA;
  private InProcessApi apiOfB;

  OperationsOverTwoNodesTest() {
    super(SecondFactorKind.NONE);
  }

  @BeforeEach
  void startApis() throws Exception {
    apiOfA = new InProcessApi(a.loop);
    apiOfB = new InProcessApi(b.loop);
  }

  @AfterEach
  void stopApis() throws Exception {
    apiOfA.close();
    apiOfB.close();
  }

  private static MutationRequest request() {
    return MutationRequest.newBuilder()
        .setGateway("live")
        .setRequestId(UUID.randomUUID().toString())
        .setReason("drill")
        .build();
  }

  private static ControlPlaneStub stub(InProcessApi api) {
    return ControlPlaneGrpc.newStub(api.operator());
  }

  private static Result failover(InProcessApi api) {
    Received<Progress> received = new Received<>();
    stub(api).failover(FailoverRequest.newBuilder().setMutation(request()).build(), received);
    return received.untilResult();
  }

  private static Result login(InProcessApi api) {
    Received<Progress> received = new Received<>();
    StreamObserver<LoginRequest> requests = stub(api).login(received);
    requests.onNext(LoginRequest.newBuilder().setStart(request()).build());
    return received.untilResult();
  }

  private static Result logout(InProcessApi api) {
    Received<Progress> received = new Received<>();
    stub(api).logout(request(), received);
    return received.untilResult();
  }

  private static Result reconcile(InProcessApi api) {
    Received<Progress> received = new Received<>();
    stub(api).reconcile(ReconcileRequest.newBuilder().setMutation(request()).build(), received);
    return received.untilResult();
  }

  @Test
  void aFailoverEndsWithThePhasesOfBothNodes() {
    Result result = failover(apiOfA);
    assertThat(result.getOutcome()).as(result.getSentence()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(result.getSentence()).startsWith("b serves live under epoch");
    assertThat(result.getPhaseMillisMap()).containsKey("CEDING");
    assertThat(b.serves()).isTrue();
  }

  @Test
  void aFailoverToANodeWithOtherPositionsIsDegradedAndNamesTheDifference() {
    b.expects(ImmutableList.of(new Position("U1", "265598", "STK", new BigDecimal("100"))));
    Result result = failover(apiOfA);
    assertThat(result.getOutcome()).as(result.getSentence()).isEqualTo(Outcome.OUTCOME_DEGRADED);
    assertThat(result.getReconciliation().getDiscrepanciesList()).hasSize(1);
    b.expects(ImmutableList.of());
    Result again = reconcile(apiOfB);
    assertThat(again.getOutcome()).as(again.getSentence()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(b.serves()).isTrue();
  }

  @Test
  void aLogoutAndALoginEachEndWhenTheyAreTrue() {
    Result out = logout(apiOfA);
    assertThat(out.getOutcome()).as(out.getSentence()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(broker.holder()).isEmpty();
    Result in = login(apiOfA);
    assertThat(in.getOutcome()).as(in.getSentence()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(broker.holder()).isPresent();
  }

  @Test
  void aReconciliationWhileServingEndsWithItsReport() {
    Result clean = reconcile(apiOfA);
    assertThat(clean.getOutcome()).as(clean.getSentence()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(clean.hasReconciliation()).isTrue();
    a.expects(ImmutableList.of(new Position("U1", "265598", "STK", new BigDecimal("100"))));
    Result differs = reconcile(apiOfA);
    assertThat(differs.getOutcome()).as(differs.getSentence()).isEqualTo(Outcome.OUTCOME_DEGRADED);
    assertThat(a.relay.isOpen()).isFalse();
  }

  @Test
  void haltPauseAndUnlockEndWhenTheDirectiveIsSeen() {
    Received<Progress> halted = new Received<>();
    stub(apiOfA).haltTrading(request(), halted);
    assertThat(halted.untilResult().getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(a.relay.isOpen()).isFalse();
    Received<Progress> resumed = new Received<>();
    stub(apiOfA).resumeTrading(request(), resumed);
    assertThat(resumed.untilResult().getSentence()).contains("the gate is open");
    Received<Progress> paused = new Received<>();
    stub(apiOfA)
        .setAutomation(
            SetAutomationRequest.newBuilder().setMutation(request()).setPaused(true).build(),
            paused);
    assertThat(paused.untilResult().getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
    Received<Progress> unlocked = new Received<>();
    stub(apiOfA).unlockLogins(request(), unlocked);
    assertThat(unlocked.untilResult().getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
  }

  @Test
  void theStandbyNamesTheLeaderAndShowsTheSamePicture() {
    Received<Progress> received = new Received<>();
    stub(apiOfB).haltTrading(request(), received);
    assertThat(received.refusal().getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    Cluster cluster =
        ControlPlaneGrpc.newBlockingStub(apiOfB.operator())
            .getCluster(GetClusterRequest.getDefaultInstance());
    assertThat(cluster.getGateways(0).getLeader()).isEqualTo("a");
    assertThat(cluster.getGateways(0).getCells(1).hasMayLeadIn()).isTrue();
  }
}
