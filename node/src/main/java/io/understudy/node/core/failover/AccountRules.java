package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import java.time.Duration;
import java.util.Optional;

/**
 * The leader looks at the account once a minute, while it serves and nothing else is asked of the
 * gateway, and keeps the high-water marks. Nothing depends on it but metrics: a look that fails is
 * simply followed by the next.
 */
final class AccountRules {
  private static final Duration EVERY = Duration.ofMinutes(1);

  /**
   * After the reconciliation, whose calls count for the same limits of IBKR; and after a look that
   * only made IBKR load the orders.
   */
  private static final Duration SOON = Duration.ofSeconds(10);

  private AccountRules() {}

  static void apply(CellPass cell) {
    if (!lookIsOver(cell)) {
      return;
    }
    if (!serves(cell)) {
      return;
    }
    keepMarks(cell);
    MonotonicTime earliest = cell.since.plus(SOON);
    MonotonicTime at = cell.accountPoll.nextAt();
    if (cell.due(at.isAfter(earliest) ? at : earliest)) {
      EffectId read = cell.effect(id -> new Effect.ReadAccount(new EffectId(id), cell.gateway()));
      cell.accountPoll = new AccountPoll(Optional.of(read), at, cell.accountPoll.write());
    }
  }

  private static boolean lookIsOver(CellPass cell) {
    Optional<EffectId> read = cell.accountPoll.read();
    if (read.isEmpty()) {
      return true;
    }
    if (!cell.finished(read.orElseThrow())) {
      return false;
    }
    boolean complete =
        cell.outcome(read.orElseThrow()).orElseThrow() instanceof Observation.AccountRead end
            && end.reading().map(reading -> reading.ordersKnown()).orElse(true);
    cell.accountPoll =
        new AccountPoll(
            Optional.empty(),
            cell.now.monotonic().plus(complete ? EVERY : SOON),
            cell.accountPoll.write());
    return true;
  }

  private static boolean serves(CellPass cell) {
    return cell.stage instanceof Stage.Serving serving
        && serving.recheck().isEmpty()
        && cell.status().session() == SessionState.ESTABLISHED
        && cell.mayAct();
  }

  /** Level-driven: whatever was read last in this epoch, and is above the marks on record. */
  private static void keepMarks(CellPass cell) {
    if (!cell.settled(cell.accountPoll.write())) {
      return;
    }
    cell.accountPoll =
        new AccountPoll(cell.accountPoll.read(), cell.accountPoll.nextAt(), Optional.empty());
    Optional<Observations.AccountLook> look =
        Optional.ofNullable(cell.seen.accounts().get(cell.gateway()))
            .filter(last -> last.at().isAfter(cell.since));
    Optional<GatewayRecords> fresh =
        cell.freshRecords()
            .filter(cell::claimIsOurs)
            .filter(r -> r.custody().value().filter(c -> c.epoch().equals(cell.epoch)).isPresent());
    if (look.isEmpty() || fresh.isEmpty()) {
      return;
    }
    GatewayRecords records = fresh.orElseThrow();
    HighWaterMarks marks = records.marks().value();
    HighWaterMarks raised =
        marks.raisedBy(look.orElseThrow().reading().accounts(), look.orElseThrow().readAt());
    if (!raised.equals(marks)) {
      Optional<EffectId> write =
          cell.write(
              records,
              cell.stillEntitled(records),
              ImmutableList.of(new GuardedWrite.MarksUpdate(raised, records.marks().version())),
              Optional.empty());
      cell.accountPoll = new AccountPoll(cell.accountPoll.read(), cell.accountPoll.nextAt(), write);
    }
  }
}
