package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.GatewayId;
import java.util.Optional;

/**
 * One coordination transaction, all or nothing: it holds only if the writer's election ticket still
 * exists and every checked record still has the version that the writer has read.
 *
 * @param ticket the writer's own; a deposed leader's write fails on it
 * @param conditions records that must not have changed
 * @param updates records to write, each with the version it replaces
 * @param history a line to append in the same transaction
 */
@Immutable
public record GuardedWrite(
    GatewayId gateway,
    ElectionTicket ticket,
    ImmutableList<Condition> conditions,
    ImmutableList<Update> updates,
    Optional<HistoryEntry> history) {

  /** The records of a gateway. */
  public enum RecordName {
    CLAIM,
    CUSTODY,
    LEDGER,
    DIRECTIVES,
    MARKS,
    DRILL
  }

  /** The record still has this version. */
  @Immutable
  public record Condition(RecordName name, int version) {}

  /** A record's new value, replacing the one of that version. */
  @Immutable
  public sealed interface Update {
    int version();
  }

  @Immutable
  public record ClaimUpdate(Claim claim, int version) implements Update {}

  @Immutable
  public record CustodyUpdate(Optional<Custody> custody, int version) implements Update {}

  @Immutable
  public record LedgerUpdate(LoginLedger ledger, int version) implements Update {}

  @Immutable
  public record DirectivesUpdate(Directives directives, int version) implements Update {}

  @Immutable
  public record MarksUpdate(HighWaterMarks marks, int version) implements Update {
    public MarksUpdate {
      if (!marks.readable()) {
        throw new IllegalArgumentException("marks: unreadable (expected: never written over)");
      }
    }
  }

  /**
   * A drill's new state.
   *
   * @param former the drill that stood here until now and has ended: it is added to the list of
   *     past drills in the same transaction
   */
  @Immutable
  public record DrillUpdate(Drill drill, Optional<Drill> former, int version) implements Update {}

  /** What became of a guarded write. */
  public enum Result {
    COMMITTED,
    /** A check failed: not elected any more, or a record has moved. Nothing was written. */
    REFUSED,
    /** No answer: it may or may not be written. Read back, never guess. */
    INDETERMINATE
  }
}
