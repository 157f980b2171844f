package io.understudy.node.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalsTest {
  private record Row(Status.Code code, String reason, ImmutableMap<String, String> metadata) {}

  private static final ImmutableMap<Rejection, Row> TABLE =
      ImmutableMap.<Rejection, Row>builder()
          .put(
              new Rejection.InvalidField("reason", "s"),
              row(Status.Code.INVALID_ARGUMENT, "INVALID_FIELD", "field", "reason"))
          .put(new Rejection.UnknownNode("s"), row(Status.Code.NOT_FOUND, "UNKNOWN_NODE"))
          .put(new Rejection.UnknownGateway("s"), row(Status.Code.NOT_FOUND, "UNKNOWN_GATEWAY"))
          .put(new Rejection.NoQuorum("s"), row(Status.Code.UNAVAILABLE, "NO_QUORUM"))
          .put(new Rejection.NoLeader("s"), row(Status.Code.UNAVAILABLE, "NO_LEADER"))
          .put(
              new Rejection.StaleEpoch(new Epoch(7), "s"),
              row(Status.Code.ABORTED, "STALE_EPOCH", "current_epoch", "7"))
          .put(
              new Rejection.OperationInProgress("s"),
              row(Status.Code.ABORTED, "OPERATION_IN_PROGRESS"))
          .put(
              new Rejection.NotLeader(Optional.of(new NodeId("b")), "10.0.0.2:7443", "s"),
              new Row(
                  Status.Code.FAILED_PRECONDITION,
                  "NOT_LEADER",
                  ImmutableMap.of("leader", "b", "leader_address", "10.0.0.2:7443")))
          .put(
              new Rejection.Precondition("PAUSED", "s", Optional.of(Duration.ofMillis(3_200))),
              row(Status.Code.FAILED_PRECONDITION, "PAUSED", "earliest_ms", "3200"))
          .put(
              new Rejection.LoginBudgetSpent("s", Optional.of(Duration.ofSeconds(60))),
              row(Status.Code.RESOURCE_EXHAUSTED, "LOGIN_BUDGET", "earliest_ms", "60000"))
          .put(
              new Rejection.OutcomeUnknown("s"),
              row(Status.Code.DEADLINE_EXCEEDED, "OUTCOME_UNKNOWN"))
          .buildOrThrow();

  private static Row row(Status.Code code, String reason) {
    return new Row(code, reason, ImmutableMap.of());
  }

  private static Row row(Status.Code code, String reason, String key, String value) {
    return new Row(code, reason, ImmutableMap.of(key, value));
  }

  @Test
  void theTableOfThisTestHasEveryKindOfRejection() {
    assertThat(TABLE.keySet().stream().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.asList(Rejection.class.getPermittedSubclasses()));
  }

  @Test
  void everyRejectionHasItsStatusReasonAndMetadata() {
    TABLE.forEach((rejection, row) -> {
      StatusRuntimeException status = Refusals.status(rejection);
      assertThat(status.getStatus().getCode()).as("%s", rejection).isEqualTo(row.code());
      assertThat(status.getStatus().getDescription()).isEqualTo("s");
      assertThat(ErrorInfos.of(status).getDomain()).isEqualTo("understudy");
      assertThat(ErrorInfos.of(status).getReason()).isEqualTo(row.reason());
      assertThat(ErrorInfos.of(status).getMetadataMap()).isEqualTo(row.metadata());
    });
  }

  @Test
  void anInvalidFieldIsAlsoABadRequestThatNamesTheField() {
    StatusRuntimeException status =
        Refusals.status(new Rejection.InvalidField("reason", "reason: missing"));
    assertThat(ErrorInfos.detail(status, BadRequest.class).orElseThrow().getFieldViolationsList())
        .singleElement()
        .satisfies(violation -> {
          assertThat(violation.getField()).isEqualTo("reason");
          assertThat(violation.getDescription()).isEqualTo("reason: missing");
        });
  }

  @Test
  void aBugTellsNothingButItsCorrelationId() {
    StatusRuntimeException status =
        BugInterceptor.report("Method", new IllegalStateException("secret state"));
    String id = ErrorInfos.of(status).getMetadataOrThrow("correlation_id");
    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getStatus().getDescription()).contains(id).doesNotContain("secret");
  }
}
