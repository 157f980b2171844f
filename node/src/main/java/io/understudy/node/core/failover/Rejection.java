package io.understudy.node.core.failover;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/** Why a command was refused: one sentence that says what to do instead. Nothing was changed. */
@Immutable
public sealed interface Rejection {
  String sentence();

  /** Malformed: field and what was expected. */
  @Immutable
  record InvalidField(String field, String sentence) implements Rejection {}

  @Immutable
  record UnknownNode(String sentence) implements Rejection {}

  @Immutable
  record UnknownGateway(String sentence) implements Rejection {}

  /** Retry later: coordination has no quorum, or cannot be reached from here. */
  @Immutable
  record NoQuorum(String sentence) implements Rejection {}

  /** Retry later: nobody is elected for the gateway yet. */
  @Immutable
  record NoLeader(String sentence) implements Rejection {}

  /** Read again, then retry. */
  @Immutable
  record StaleEpoch(Epoch current, String sentence) implements Rejection {}

  /** Read again, then retry: another operation runs. */
  @Immutable
  record OperationInProgress(String sentence) implements Rejection {}

  /** Ask the leader. */
  @Immutable
  record NotLeader(Optional<NodeId> leader, String leaderAddress, String sentence)
      implements Rejection {}

  /** Change the system first; {@code code} is PAUSED, NOT_READY, LOGGED_OUT, NOT_RECONCILED, … */
  @Immutable
  record Precondition(String code, String sentence, Optional<Duration> earliest)
      implements Rejection {}

  /** The login budget is spent or locked. */
  @Immutable
  record LoginBudgetSpent(String sentence, Optional<Duration> earliest) implements Rejection {}

  /** The command may or may not have been accepted: look at the status. */
  @Immutable
  record OutcomeUnknown(String sentence) implements Rejection {}
}
