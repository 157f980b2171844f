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
   * After the reconciliation, whose calls count for the same limits of IBKR; after the first look
   * that only made IBKR load the orders; and between two writes of marks.
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
      EffectId read =
          cell.effect(id -> new Effect.ReadAccount(new EffectId(id), cell.gateway(), cell.epoch));
      cell.accountPoll = cell.accountPoll.looking(read);
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
    Optional<Boolean> told =
        cell.outcome(read.orElseThrow()).orElseThrow() instanceof Observation.AccountRead end
            ? end.reading().map(reading -> reading.ordersKnown())
            : Optional.empty();
    boolean before = cell.accountPoll.ordersAwaited();
    boolean awaited = told.map(known -> !known).orElse(before);
    cell.accountPoll =
        cell.accountPoll.looked(
            cell.now.monotonic().plus(awaited && !before ? SOON : EVERY), awaited);
    return true;
  }

  private static boolean serves(CellPass cell) {
    return cell.stage instanceof Stage.Serving serving
        && serving.recheck().isEmpty()
        && cell.status().session() == SessionState.ESTABLISHED
        && cell.switchover().isEmpty()
        && cell.mayAct();
  }

  /** Level-driven: whatever was read last in this epoch, and is above the marks on record. */
  private static void keepMarks(CellPass cell) {
    if (!cell.settled(cell.accountPoll.write())) {
      return;
    }
    cell.accountPoll =
        cell.accountPoll.writing(Optional.empty(), cell.accountPoll.writeNotBefore());
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
    if (!raised.equals(marks) && cell.due(cell.accountPoll.writeNotBefore())) {
      Optional<EffectId> write =
          cell.write(
              records,
              cell.stillEntitled(records),
              ImmutableList.of(new GuardedWrite.MarksUpdate(raised, records.marks().version())),
              Optional.empty());
      cell.accountPoll = cell.accountPoll.writing(write, cell.now.monotonic().plus(SOON));
    }
  }
}
