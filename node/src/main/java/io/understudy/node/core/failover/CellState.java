package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.positions.ReconciliationReport;
import java.time.Instant;
import java.util.Optional;

/**
 * What a cell remembers between passes. In memory only: after a crash everything that matters is
 * read from coordination, and a new life begins by fencing what the former one left behind.
 *
 * @param epoch under which this cell acts; {@link Epoch#NONE} while it is not entitled
 * @param actedUnder the highest epoch that this cell ever acted under
 * @param since when the phase began
 * @param sinceEffect the first effect that may have been asked for in this phase
 * @param membership a join or leave of the election in flight
 * @param standAgainAt not in the election before that (hold-down after ceding for bad health)
 * @param recordsNeededAfter records read before that may lack our own last write
 * @param harmless the gateway is known to be unable to hold or open a brokerage session
 * @param loginOrdered an operator asked for a login that has not been tried yet
 * @param lastRetake when a competing session was last answered by taking the session back
 * @param cedes when this cell ceded for bad health, within the last hour
 * @param handledReconcile the last request to reconcile that was carried out
 * @param report the last comparison of positions in this epoch
 * @param outlived the former leader that answers in this epoch as if it still led
 * @param accountPoll looks at the account
 * @param drill what it does for the gateway's drill
 */
@Immutable
record CellState(
    GatewayId gateway,
    Stage stage,
    Epoch epoch,
    Epoch actedUnder,
    MonotonicTime since,
    Instant sinceWall,
    EffectId sinceEffect,
    Reason reason,
    Gate gate,
    Optional<EffectId> membership,
    MonotonicTime standAgainAt,
    MonotonicTime recordsNeededAfter,
    Optional<EffectId> probe,
    MonotonicTime nextProbeAt,
    boolean harmless,
    boolean loginOrdered,
    Optional<MonotonicTime> lastRetake,
    ImmutableList<MonotonicTime> cedes,
    Optional<PendingCommand> command,
    String handledReconcile,
    Optional<ReconciliationReport> report,
    Optional<NodeId> outlived,
    AccountPoll accountPoll,
    DrillWork drill) {

  /** The relay as ordered: shut, open under an epoch, or a change in flight. */
  @Immutable
  sealed interface Gate {}

  @Immutable
  record Shut(MonotonicTime openAgainAt) implements Gate {}

  @Immutable
  record Opening(EffectId effect, Epoch epoch) implements Gate {}

  @Immutable
  record Open(Epoch epoch) implements Gate {}

  @Immutable
  record Shutting(EffectId effect) implements Gate {}

  /** A command whose acceptance is being written. */
  @Immutable
  record PendingCommand(
      long call, Command command, Epoch epoch, Optional<EffectId> write, MonotonicTime since) {}

  /** A new life: whatever a former one left behind is fenced first. */
  static CellState initial(GatewayId gateway, Now now) {
    return new CellState(
        gateway,
        new Stage.SelfFencing(Optional.empty(), now.monotonic()),
        Epoch.NONE,
        Epoch.NONE,
        now.monotonic(),
        now.wall(),
        new EffectId(1),
        new Reason("Starting", "starting: making sure that no gateway of a former life runs"),
        new Shut(now.monotonic()),
        Optional.empty(),
        now.monotonic(),
        now.monotonic(),
        Optional.empty(),
        now.monotonic(),
        false,
        false,
        Optional.empty(),
        ImmutableList.of(),
        Optional.empty(),
        "",
        Optional.empty(),
        Optional.empty(),
        AccountPoll.from(now.monotonic()),
        DrillWork.NONE);
  }
}
