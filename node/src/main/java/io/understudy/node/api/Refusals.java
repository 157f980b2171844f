package io.understudy.node.api;

import com.google.common.collect.ImmutableMap;
import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.failover.Rejection.InvalidField;
import io.understudy.node.core.failover.Rejection.LoginBudgetSpent;
import io.understudy.node.core.failover.Rejection.NoLeader;
import io.understudy.node.core.failover.Rejection.NoQuorum;
import io.understudy.node.core.failover.Rejection.NotLeader;
import io.understudy.node.core.failover.Rejection.OperationInProgress;
import io.understudy.node.core.failover.Rejection.OutcomeUnknown;
import io.understudy.node.core.failover.Rejection.Precondition;
import io.understudy.node.core.failover.Rejection.StaleEpoch;
import io.understudy.node.core.failover.Rejection.UnknownGateway;
import io.understudy.node.core.failover.Rejection.UnknownNode;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * The only place where a refusal becomes a gRPC status: {@code google.rpc.Status} with an {@code
 * ErrorInfo} of the domain {@code understudy}, whose reason is stable and whose metadata is for
 * programs.
 */
final class Refusals {
  static final String DOMAIN = "understudy";

  private Refusals() {}

  static StatusRuntimeException status(Rejection rejection) {
    String sentence = rejection.sentence();
    return switch (rejection) {
      case InvalidField(String field, _) -> invalidField(field, sentence);
      case UnknownNode _ -> status(Code.NOT_FOUND, "UNKNOWN_NODE", sentence, ImmutableMap.of());
      case UnknownGateway _ ->
          status(Code.NOT_FOUND, "UNKNOWN_GATEWAY", sentence, ImmutableMap.of());
      case NoQuorum _ -> status(Code.UNAVAILABLE, "NO_QUORUM", sentence, ImmutableMap.of());
      case NoLeader _ -> status(Code.UNAVAILABLE, "NO_LEADER", sentence, ImmutableMap.of());
      case StaleEpoch stale ->
          status(
              Code.ABORTED,
              "STALE_EPOCH",
              sentence,
              ImmutableMap.of("current_epoch", stale.current().toString()));
      case OperationInProgress _ ->
          status(Code.ABORTED, "OPERATION_IN_PROGRESS", sentence, ImmutableMap.of());
      case NotLeader notLeader ->
          status(Code.FAILED_PRECONDITION, "NOT_LEADER", sentence, leader(notLeader));
      case Precondition(String code, _, Optional<Duration> earliest) ->
          status(Code.FAILED_PRECONDITION, code, sentence, earliest(earliest));
      case LoginBudgetSpent(_, Optional<Duration> earliest) ->
          status(Code.RESOURCE_EXHAUSTED, "LOGIN_BUDGET", sentence, earliest(earliest));
      case OutcomeUnknown _ ->
          status(Code.DEADLINE_EXCEEDED, "OUTCOME_UNKNOWN", sentence, ImmutableMap.of());
    };
  }

  /** A bug: the log has the details, the caller gets the id to look for. */
  static StatusRuntimeException internal(String correlationId) {
    return status(
        Code.INTERNAL,
        "INTERNAL",
        "Internal error " + correlationId + ": the log of the node has the details",
        ImmutableMap.of("correlation_id", correlationId));
  }

  static StatusRuntimeException status(
      Code code, String reason, String sentence, ImmutableMap<String, String> metadata) {
    return StatusProto.toStatusRuntimeException(base(code, reason, sentence, metadata).build());
  }

  private static StatusRuntimeException invalidField(String field, String sentence) {
    BadRequest detail =
        BadRequest.newBuilder()
            .addFieldViolations(
                BadRequest.FieldViolation.newBuilder().setField(field).setDescription(sentence))
            .build();
    return StatusProto.toStatusRuntimeException(
        base(Code.INVALID_ARGUMENT, "INVALID_FIELD", sentence, ImmutableMap.of("field", field))
            .addDetails(Any.pack(detail))
            .build());
  }

  private static Status.Builder base(
      Code code, String reason, String sentence, ImmutableMap<String, String> metadata) {
    ErrorInfo info =
        ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(reason).putAllMetadata(metadata).build();
    return Status.newBuilder()
        .setCode(code.getNumber())
        .setMessage(sentence)
        .addDetails(Any.pack(info));
  }

  private static ImmutableMap<String, String> leader(NotLeader notLeader) {
    ImmutableMap.Builder<String, String> metadata = ImmutableMap.builder();
    notLeader.leader().map(NodeId::value).ifPresent(id -> metadata.put("leader", id));
    if (!notLeader.leaderAddress().isEmpty()) {
      metadata.put("leader_address", notLeader.leaderAddress());
    }
    return metadata.buildOrThrow();
  }

  private static ImmutableMap<String, String> earliest(Optional<Duration> earliest) {
    return earliest
        .map(duration -> ImmutableMap.of("earliest_ms", Long.toString(duration.toMillis())))
        .orElseGet(ImmutableMap::of);
  }
}
