package io.understudy.node.api;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static io.understudy.node.testing.ClusterScript.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.FailoverRequest;
import io.understudy.v1.LoginRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Progress;
import io.understudy.v1.ReconcileRequest;
import io.understudy.v1.Result;
import io.understudy.v1.Result.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operations through the API, with statuses that the test scripts. */
class OperationsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ClusterScript cluster = new ClusterScript();
  private final FakeNodeControl control = new FakeNodeControl(cluster.status());
  private final InProcessApi api = new InProcessApi(control);

  @AfterEach
  void close() {
    api.close();
  }

  private static MutationRequest.Builder request(String id) {
    return MutationRequest.newBuilder().setGateway("live").setRequestId(id).setReason("drill");
  }

  private Received<Progress> logout(MutationRequest request) {
    Received<Progress> received = new Received<>();
    ControlPlaneGrpc.newStub(api.operator()).logout(request, received);
    return received;
  }

  private Received<Progress> failover(String id) {
    Received<Progress> received = new Received<>();
    ControlPlaneGrpc.newStub(api.operator())
        .failover(FailoverRequest.newBuilder().setMutation(request(id)).build(), received);
    return received;
  }

  private void publish() {
    control.publish(cluster.status());
  }

  private void serving(NodeId node, long epoch) {
    cluster.elected(node, node.equals(A) ? B : A).claimed(epoch).custody(node, epoch);
    cluster.cell(node, Phase.SERVING, epoch);
    publish();
  }

  @Test
  void aFailoverShowsEachPhaseAndEndsWithItsTimes() {
    serving(A, 7);
    control.acceptUnder(7);
    Received<Progress> received = failover("r1");
    assertThat(received.take().getReason().getCode()).isEqualTo("Accepted");
    assertThat(received.take().getPhase()).isEqualTo(io.understudy.v1.Phase.PHASE_SERVING);

    cluster.accepted("r1").switchover(A, B, 7, "r1").after(SECOND).cell(A, Phase.CEDING, 7);
    publish();
    assertThat(received.take())
        .satisfies(progress -> {
          assertThat(progress.getPhase()).isEqualTo(io.understudy.v1.Phase.PHASE_CEDING);
          assertThat(progress.getNode()).isEqualTo("a");
        });
    cluster.after(SECOND).cell(A, Phase.STANDBY, 7).noCustody().elected(B, A).claimed(8);
    cluster.cell(B, Phase.LOGGING_IN, 8);
    publish();
    assertThat(received.take())
        .satisfies(progress -> {
          assertThat(progress.getPhase()).isEqualTo(io.understudy.v1.Phase.PHASE_LOGGING_IN);
          assertThat(progress.getNode()).isEqualTo("b");
        });
    cluster.after(Duration.ofMillis(1_500)).cell(B, Phase.SERVING, 8);
    publish();
    Result result = received.untilResult();
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(result.getEpoch()).isEqualTo(8);
    assertThat(result.getRepeated()).isFalse();
    assertThat(result.getPhaseMillisMap())
        .containsEntry("CEDING", 1_000L)
        .containsEntry("LOGGING_IN", 1_500L);
    assertThat(received.completed()).isTrue();
  }

  @Test
  void aWishThatMovesNoSessionHasNoTimesOfPhases() {
    serving(A, 7);
    cluster.cell(A, Phase.NEEDS_OPERATOR, 7);
    cluster.ledger(LoginLedger.EMPTY.locked(Instant.MAX, "three failures"));
    publish();
    control.acceptUnder(7);
    Received<Progress> received = new Received<>();
    ControlPlaneGrpc.newStub(api.operator()).unlockLogins(request("r1").build(), received);
    received.take();
    publish();
    cluster.after(SECOND).cell(A, Phase.LOGGING_IN, 7);
    publish();
    cluster.accepted("r1").ledger(LoginLedger.EMPTY);
    publish();
    Result result = received.untilResult();
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(result.getPhaseMillisMap()).isEmpty();
  }

  @Test
  void theCommandCarriesTheCallersNameAndWish() {
    control.answerWith(new CommandAnswer.Rejected(new Rejection.NoLeader("nobody leads")));
    ControlPlaneGrpc.newStub(api.as(CallerRole.OPERATOR, "olga"))
        .failover(
            FailoverRequest.newBuilder()
                .setMutation(request("r9").setExpectedEpoch(4))
                .setTarget("b")
                .setForce(true)
                .build(),
            new Received<>());
    Received.await(() -> !control.submitted().isEmpty());
    assertThat(control.submitted())
        .containsExactly(
            new Command.Failover(
                new Command.Meta(LIVE, "r9", new Epoch(4), "drill", "olga", false),
                Optional.of(B),
                true));
  }

  @Test
  void aRepeatedRequestIdAttachesToTheRunningOperationAndNeverActsTwice() {
    serving(A, 7);
    control.acceptUnder(7);
    Received<Progress> first = logout(request("r1").build());
    first.take();
    Received<Progress> second = logout(request("r1").setReason("pressed twice").build());
    second.take();
    cluster.accepted("r1").directives(d -> d.withLoggedOut(true)).noCustody();
    cluster.cell(A, Phase.STANDBY, 7);
    publish();
    assertThat(first.untilResult().getRepeated()).isFalse();
    assertThat(second.untilResult().getRepeated()).isTrue();

    Result again = logout(request("r1").build()).untilResult();
    assertThat(again.getRepeated()).isTrue();
    assertThat(again.getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(control.submitted()).hasSize(1);
  }

  @Test
  void aRequestThatTheCoreKnowsFromAnEarlierLifeIsARepeatedOne() {
    cluster.accepted("r1").directives(d -> d.withLoggedOut(true));
    publish();
    control.answer(command ->
        CompletableFuture.completedFuture(
            new CommandAnswer.Accepted(command, new Epoch(3), true, "accepted before")));
    assertThat(logout(request("r1").build()).untilResult().getRepeated()).isTrue();
  }

  @Test
  void anIdThatIsUsedForAnotherWishIsRefused() {
    serving(A, 7);
    logout(request("r1").build()).take();
    assertThat(failover("r1").refusal().getStatus().getDescription())
        .contains("request_id", "another command");
  }

  @Test
  void aRejectionIsTheAnswerAndTheSameIdMayBeTriedAgain() {
    control.answerWith(
        new CommandAnswer.Rejected(
            new Rejection.NotLeader(Optional.of(B), "b.example:7443", "node b leads")));
    var refusal = logout(request("r1").build()).refusal();
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(ErrorInfos.of(refusal).getMetadataMap())
        .containsEntry("leader", "b")
        .containsEntry("leader_address", "b.example:7443");
    var _ = logout(request("r1").build()).refusal();
    assertThat(control.submitted()).hasSize(2);
  }

  @Test
  void aDryRunSaysWhatWouldHappenAndNeedsNoReason() {
    control.answerWith(new CommandAnswer.WouldDo("would log out live"));
    Result result = logout(request("r1").setReason("").setDryRun(true).build()).untilResult();
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_DRY_RUN);
    assertThat(result.getSentence()).isEqualTo("would log out live");
  }

  @Test
  void anOperationThatDoesNotEndInTimeHasAnUnknownOutcome() {
    try (InProcessApi hasty = new InProcessApi(control, Duration.ofMillis(200))) {
      Received<Progress> received = new Received<>();
      ControlPlaneGrpc.newStub(hasty.operator()).logout(request("r1").build(), received);
      var refusal = received.refusal();
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(ErrorInfos.of(refusal).getReason()).isEqualTo("OUTCOME_UNKNOWN");
      assertThat(refusal.getStatus().getDescription()).contains("the wish is kept");
    }
  }

  @Test
  void aNodeThatStopsTellsThatTheOutcomeIsNotKnown() {
    Received<Progress> received = logout(request("r1").build());
    received.take();
    api.stopServices();
    assertThat(ErrorInfos.of(received.refusal()).getReason()).isEqualTo("OUTCOME_UNKNOWN");
    assertThat(control.listeners()).isZero();
  }

  // ---- login

  private static LoginRequest start(String id) {
    return LoginRequest.newBuilder().setStart(request(id)).build();
  }

  private static LoginRequest code(String code) {
    return LoginRequest.newBuilder().setCode(code).build();
  }

  private StreamObserver<LoginRequest> login(Received<Progress> received) {
    Channel channel = api.operator();
    return ControlPlaneGrpc.newStub(channel).login(received);
  }

  @Test
  void aLoginAsksForTheCodeAndHandsItOver() {
    Received<Progress> received = new Received<>();
    StreamObserver<LoginRequest> requests = login(received);
    requests.onNext(start("r1"));
    received.take();
    cluster.elected(A, B).cell(A, Phase.LOGGING_IN, 1).codeRequested(true);
    cluster.loginSays("Waiting for a one-time code");
    publish();
    Progress asked = received.takeUntil(Progress::getCodeRequested);
    assertThat(asked.getReason().getSentence()).isEqualTo("Waiting for a one-time code");
    control.awaitCode(true);
    requests.onNext(code("123456"));
    Received.await(() -> !control.codes().isEmpty());
    assertThat(control.codes()).containsExactly("123456");
    cluster.codeRequested(false).after(SECOND).cell(A, Phase.SERVING, 1);
    publish();
    assertThat(received.untilResult().getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
  }

  @Test
  void aCodeThatNobodyWaitsForIsAnsweredAndTheLoginGoesOn() {
    Received<Progress> received = new Received<>();
    StreamObserver<LoginRequest> requests = login(received);
    requests.onNext(start("r1"));
    received.take();
    requests.onNext(code("123456"));
    var _ = received.takeUntil(p -> p.getReason().getCode().equals("CodeNotAwaited"));
    cluster.cell(A, Phase.SERVING, 1);
    publish();
    assertThat(received.untilResult().getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
  }

  @Test
  void aLoginStreamThatBeginsWithACodeIsRefusedWithoutRepeatingTheCode() {
    Received<Progress> received = new Received<>();
    login(received).onNext(code("987654"));
    assertThat(received.refusal().getStatus().getDescription())
        .contains("start")
        .doesNotContain("987654");
  }

  @Test
  void aCallerWhoGoesAwayLeavesTheWishAndMayComeBack() {
    serving(A, 7);
    control.acceptUnder(7);
    Received<Progress> first = logout(request("r1").build());
    first.take();
    first.cancel();
    cluster.accepted("r1").directives(d -> d.withLoggedOut(true)).noCustody();
    cluster.cell(A, Phase.STANDBY, 7);
    publish();
    assertThat(logout(request("r1").build()).untilResult().getOutcome())
        .isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(control.submitted()).hasSize(1);
  }

  // ---- requests

  @Test
  void malformedRequestsAreRefusedBeforeTheyReachTheLoop() {
    List<MutationRequest> malformed =
        ImmutableList.of(
            request("").build(),
            request("a b").build(),
            request("x".repeat(65)).build(),
            request("r1").setReason(" ").build(),
            request("r1").setReason("x".repeat(501)).build(),
            request("r1").setReason("two\nlines").build(),
            request("r1").setGateway("No Gateway").build(),
            request("r1").setExpectedEpoch(-1).build());
    for (MutationRequest request : malformed) {
      var refusal = logout(request).refusal();
      assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(ErrorInfos.of(refusal).getReason()).isEqualTo("INVALID_FIELD");
    }
    assertThat(control.submitted()).isEmpty();
  }

  @Test
  void anUnknownGatewayIsNotFoundAndTheKnownOnesAreNamed() {
    var refusal = logout(request("r1").setGateway("paper").build()).refusal();
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(refusal.getStatus().getDescription()).contains("paper", "known: live");
  }

  @Test
  void acceptedDiscrepanciesNeedAReason() {
    Received<Progress> received = new Received<>();
    ControlPlaneGrpc.newStub(api.operator())
        .reconcile(
            ReconcileRequest.newBuilder()
                .setMutation(request("r1").setReason(""))
                .addAccept("d1")
                .build(),
            received);
    assertThat(ErrorInfos.of(received.refusal()).getMetadataMap()).containsEntry("field", "reason");
  }
}
