package io.understudy.node.api;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.grpc.StatusRuntimeException;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.PreflightCheck;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.testing.SampleDrill;
import io.understudy.v1.AbortDrillRequest;
import io.understudy.v1.DrillMeasurement;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.GetRelayRequest;
import io.understudy.v1.ListDrillsRequest;
import io.understudy.v1.ListDrillsResponse;
import io.understudy.v1.MeasureDrillRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.PreflightRequest;
import io.understudy.v1.PreflightResponse;
import io.understudy.v1.Progress;
import io.understudy.v1.Result.Outcome;
import io.understudy.v1.StartDrillRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service of drills: what it asks of the core, and what it makes of the answers. */
class DrillsServiceTest {
  private static final Instant AT = Instant.parse("2026-11-20T12:00:00Z");
  private static final ServerView SERVER = new ServerView("a:2281", true, "leader");

  private final ClusterScript script = new ClusterScript();
  private final FakeNodeControl control = new FakeNodeControl(script.status());
  private final InProcessApi api = new InProcessApi(control);

  @AfterEach
  void close() {
    api.close();
  }

  private DrillsGrpc.DrillsBlockingStub operator() {
    return DrillsGrpc.newBlockingStub(api.operator());
  }

  private static io.understudy.v1.DrillPlan.Builder plan() {
    return io.understudy.v1.DrillPlan.newBuilder()
        .setKind(io.understudy.v1.DrillKind.DRILL_KIND_SWITCHOVER)
        .setTarget("b")
        .setFallBack(true);
  }

  private static MutationRequest mutation(String request) {
    return MutationRequest.newBuilder()
        .setGateway("live")
        .setRequestId(request)
        .setReason("quarterly")
        .build();
  }

  private static Drill drill(String id, DrillStage stage) {
    return SampleDrill.of(id, stage, AT);
  }

  private StatusRuntimeException refusal(StartDrillRequest request) {
    return catchThrowableOfType(
        StatusRuntimeException.class, () -> operator().startDrill(request).hasNext());
  }

  @Test
  void aViewerSeesEveryCheckAndStepOfAPlan() {
    script.servers(SERVER);
    control.publish(script.status());
    control.answerWith(
        new CommandAnswer.Checked(
            ImmutableList.of(
                new PreflightCheck("NOT_SERVING", true, "node a serves", false),
                new PreflightCheck("TRADING_HOURS", false, "trading hours: wait", true)),
            ImmutableList.of("first", "then")));

    PreflightResponse response =
        DrillsGrpc.newBlockingStub(api.as(CallerRole.VIEWER, "vera"))
            .preflight(PreflightRequest.newBuilder().setGateway("live").setPlan(plan()).build());

    assertThat(response.getStepsList()).containsExactly("first", "then");
    assertThat(response.getChecks(1).getCode()).isEqualTo("TRADING_HOURS");
    assertThat(response.getChecks(1).getPassed()).isFalse();
    assertThat(response.getChecks(1).getMayOverrule()).isTrue();
    Command.PlanDrill asked = (Command.PlanDrill) control.submitted().getFirst();
    assertThat(asked.servers()).containsExactly(SERVER);
    assertThat(asked.plan().target()).contains(B);
    assertThat(asked.meta().operator()).isEqualTo("vera");
  }

  @Test
  void aPlanOfANodeThatDoesNotLeadNamesTheLeader() {
    control.answerWith(
        new CommandAnswer.Rejected(
            new Rejection.NotLeader(Optional.of(B), "b.example:7443", "node b leads live")));

    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                operator()
                    .preflight(
                        PreflightRequest.newBuilder().setGateway("live").setPlan(plan()).build()));

    assertThat(ErrorInfos.of(refused).getReason()).isEqualTo("NOT_LEADER");
    assertThat(ErrorInfos.of(refused).getMetadataMap())
        .containsEntry("leader_address", "b.example:7443");
  }

  @Test
  void aStartEndsWhenTheDrillIsOnRecord() {
    script.elected(A, B).claimed(7).custody(A, 7).cell(A, Phase.SERVING, 7).accepted("drill-1");
    control.publish(script.status());
    control.acceptUnder(7);

    Progress last =
        ImmutableList.copyOf(
                operator()
                    .startDrill(
                        StartDrillRequest.newBuilder()
                            .setMutation(mutation("drill-1"))
                            .setPlan(plan().addOverrule("RECENT_TAKEOVER"))
                            .build()))
            .reverse()
            .getFirst();

    assertThat(last.getResult().getOutcome()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(last.getResult().getSentence()).contains("drill-1").contains("is on record");
    Command.StartDrill asked = (Command.StartDrill) control.submitted().getFirst();
    assertThat(asked.plan().overrule()).containsExactly("RECENT_TAKEOVER");
    assertThat(asked.plan().fallBack()).isTrue();
  }

  @Test
  void aCheckThatDidNotPassIsTheReasonOfTheRefusal() {
    control.answerWith(
        new CommandAnswer.Rejected(
            new Rejection.Precondition("QUORUM_NOT_FULL", "w does not answer", Optional.empty())));

    StatusRuntimeException refused =
        refusal(
            StartDrillRequest.newBuilder()
                .setMutation(mutation("drill-1"))
                .setPlan(plan())
                .build());

    assertThat(refused.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.FAILED_PRECONDITION);
    assertThat(ErrorInfos.of(refused).getReason()).isEqualTo("QUORUM_NOT_FULL");
  }

  @Test
  void whatAPlanMayNotSayIsRefusedBeforeTheCoreIsAsked() {
    for (io.understudy.v1.DrillPlan.Builder bad :
        ImmutableList.of(
            plan().setKind(io.understudy.v1.DrillKind.DRILL_KIND_UNSPECIFIED),
            plan().setKindValue(99),
            plan().setKind(io.understudy.v1.DrillKind.DRILL_KIND_CRASH),
            plan().setTarget("Not A Name"),
            plan().setTimeout(com.google.protobuf.Duration.newBuilder().setSeconds(5)),
            plan().setRto(com.google.protobuf.Duration.newBuilder().setSeconds(100_000)))) {
      StatusRuntimeException refused =
          refusal(
              StartDrillRequest.newBuilder().setMutation(mutation("drill-1")).setPlan(bad).build());
      assertThat(refused.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    }
    assertThat(control.submitted()).isEmpty();
  }

  @Test
  void abortAndMeasurementNameTheDrill() {
    control.acceptUnder(7);

    var _ =
        operator()
            .abortDrill(
                AbortDrillRequest.newBuilder()
                    .setMutation(mutation("abort-1"))
                    .setDrill("drill-1")
                    .build())
            .next();
    var _ =
        operator()
            .measureDrill(
                MeasureDrillRequest.newBuilder()
                    .setMutation(mutation("measure-1"))
                    .setDrill("drill-1")
                    .setMeasurement(
                        DrillMeasurement.newBuilder()
                            .setClient("desk")
                            .setOutage(com.google.protobuf.Duration.newBuilder().setSeconds(9))
                            .setProbes(300))
                    .build())
            .next();

    assertThat(((Command.AbortDrill) control.submitted().get(0)).drill()).isEqualTo("drill-1");
    Command.MeasureDrill measured = (Command.MeasureDrill) control.submitted().get(1);
    assertThat(measured.measurement().outage()).isEqualTo(Duration.ofSeconds(9));
    assertThat(measured.measurement().fallBackOutage()).isEmpty();
  }

  @Test
  void theListBeginsWithTheLastDrillAndNamesNoneTwice() {
    script.drill(drill("drill-3", DrillStage.FAULT));
    control.publish(script.status());
    control.pastDrills(
        ImmutableList.of(
            drill("drill-3", DrillStage.PASSED),
            drill("drill-2", DrillStage.PASSED),
            drill("drill-1", DrillStage.FAILED)));

    ListDrillsResponse all =
        operator().listDrills(ListDrillsRequest.newBuilder().setGateway("live").build());

    assertThat(all.getDrillsList())
        .extracting(io.understudy.v1.Drill::getId)
        .containsExactly("drill-3", "drill-2", "drill-1");
    assertThat(all.getDrills(0).getStage())
        .isEqualTo(io.understudy.v1.DrillStage.DRILL_STAGE_FAULT);
    assertThat(all.getDrills(0).getGateway()).isEqualTo("live");
    assertThat(
            operator()
                .listDrills(ListDrillsRequest.newBuilder().setGateway("live").setLimit(2).build())
                .getDrillsList())
        .hasSize(2);
  }

  @Test
  void aNodeTellsWhereTradingClientsConnect() {
    assertThat(
            operator()
                .getRelay(GetRelayRequest.newBuilder().setGateway("live").build())
                .getAddress())
        .isEqualTo("10.0.0.1:4001");
  }
}
