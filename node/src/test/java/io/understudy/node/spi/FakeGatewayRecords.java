package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GatewayRecords.Versioned;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.GuardedWrite.ClaimUpdate;
import io.understudy.node.core.failover.GuardedWrite.CustodyUpdate;
import io.understudy.node.core.failover.GuardedWrite.DirectivesUpdate;
import io.understudy.node.core.failover.GuardedWrite.DrillUpdate;
import io.understudy.node.core.failover.GuardedWrite.LedgerUpdate;
import io.understudy.node.core.failover.GuardedWrite.MarksUpdate;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.failover.GuardedWrite.Update;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One gateway's records in a {@link FakeEnsemble}, which watches over the promises itself: a write
 * that breaks one is an {@link AssertionError}, whoever made it.
 */
final class FakeGatewayRecords {
  private static final int HISTORY_MAX = 200;
  private static final int DRILLS_MAX = 40;

  private final List<Entry> election = new ArrayList<>();
  private final Set<ElectionTicket> givenUp = new HashSet<>();
  private final List<HistoryEntry> history = new ArrayList<>();
  private Versioned<Optional<Claim>> claim = new Versioned<>(Optional.empty(), 0);
  private Versioned<Optional<Custody>> custody = new Versioned<>(Optional.empty(), 0);
  private Versioned<LoginLedger> ledger = new Versioned<>(LoginLedger.EMPTY, 0);
  private Versioned<Directives> directives = new Versioned<>(Directives.NONE, 0);
  private Versioned<HighWaterMarks> marks = new Versioned<>(HighWaterMarks.NONE, 0);
  private Versioned<LastDrill> drill = new Versioned<>(LastDrill.NONE, 0);
  private final List<Drill> pastDrills = new ArrayList<>();

  private record Entry(ElectionTicket ticket, NodeId node, SessionId session) {}

  GatewayRecords records(SessionId reader) {
    return new GatewayRecords(election(reader), claim, custody, ledger, directives, marks, drill);
  }

  ElectionView election(SessionId reader) {
    Optional<ElectionTicket> own = ticket(reader);
    return new ElectionView(
        election.stream().map(Entry::node).collect(ImmutableList.toImmutableList()),
        own,
        own.isPresent() && own.get().equals(election.getFirst().ticket()));
  }

  Optional<ElectionTicket> ticket(SessionId session) {
    return election.stream()
        .filter(entry -> entry.session().equals(session))
        .map(Entry::ticket)
        .filter(ticket -> !givenUp.contains(ticket))
        .findFirst();
  }

  void enter(ElectionTicket ticket, NodeId node, SessionId session) {
    election.add(new Entry(ticket, node, session));
  }

  void spoilMarks() {
    marks = new Versioned<>(HighWaterMarks.UNREADABLE, marks.version() + 1);
  }

  void spoilDrill() {
    drill = new Versioned<>(LastDrill.UNREADABLE, drill.version() + 1);
  }

  /** Its owner leaves: the entry is not its own any more, also while it still stands. */
  void giveUp(SessionId session) {
    ticket(session).ifPresent(givenUp::add);
  }

  void removeGivenUp(SessionId session) {
    election.removeIf(entry -> entry.session().equals(session) && givenUp.contains(entry.ticket()));
  }

  void removeEntriesOf(SessionId session) {
    election.removeIf(entry -> entry.session().equals(session));
  }

  boolean holds(GuardedWrite write) {
    return write.conditions().stream()
            .allMatch(condition -> version(condition.name()) == condition.version())
        && write.updates().stream().allMatch(update -> version(name(update)) == update.version());
  }

  void apply(GuardedWrite write) {
    write.updates().forEach(this::apply);
    write.history().ifPresent(this::append);
    write.updates().stream()
        .filter(CustodyUpdate.class::isInstance)
        .flatMap(_ -> custody.value().stream())
        .forEach(
            taken -> promise("NoStaleEffect", taken.epoch().equals(epoch()), taken.toString()));
  }

  void append(HistoryEntry entry) {
    history.add(entry);
    if (history.size() > HISTORY_MAX) {
      history.removeFirst();
    }
  }

  ImmutableList<HistoryEntry> newest(int limit) {
    return history.reversed().stream().limit(limit).collect(ImmutableList.toImmutableList());
  }

  ImmutableList<Drill> pastDrills(int limit) {
    return pastDrills.reversed().stream().limit(limit).collect(ImmutableList.toImmutableList());
  }

  private void apply(Update update) {
    switch (update) {
      case ClaimUpdate(Claim value, int version) -> {
        Epoch before = epoch();
        promise("MonotonicEpoch", value.epoch().isAfter(before), before + " then " + value);
        claim = new Versioned<>(Optional.of(value), version + 1);
      }
      case CustodyUpdate(var value, int version) -> custody = new Versioned<>(value, version + 1);
      case LedgerUpdate(LoginLedger value, int version) -> {
        long before = step(ledger.value());
        promise("OneCodePerStep", step(value) >= before, before + " then " + step(value));
        ledger = new Versioned<>(value, version + 1);
      }
      case DirectivesUpdate(Directives value, int version) ->
          directives = new Versioned<>(value, version + 1);
      case MarksUpdate(HighWaterMarks value, int version) ->
          marks = new Versioned<>(value, version + 1);
      case DrillUpdate(Drill value, var former, int version) -> {
        drill = new Versioned<>(LastDrill.of(value), version + 1);
        former.ifPresent(pastDrills::add);
        if (pastDrills.size() > DRILLS_MAX) {
          pastDrills.removeFirst();
        }
      }
    }
  }

  private Epoch epoch() {
    return claim.value().map(Claim::epoch).orElse(Epoch.NONE);
  }

  private static long step(LoginLedger ledger) {
    return ledger.lastStep().map(TotpStep::number).orElse(Long.MIN_VALUE);
  }

  private int version(RecordName name) {
    return switch (name) {
      case CLAIM -> claim.version();
      case CUSTODY -> custody.version();
      case LEDGER -> ledger.version();
      case DIRECTIVES -> directives.version();
      case MARKS -> marks.version();
      case DRILL -> drill.version();
    };
  }

  private static RecordName name(Update update) {
    return switch (update) {
      case ClaimUpdate _ -> RecordName.CLAIM;
      case CustodyUpdate _ -> RecordName.CUSTODY;
      case LedgerUpdate _ -> RecordName.LEDGER;
      case DirectivesUpdate _ -> RecordName.DIRECTIVES;
      case MarksUpdate _ -> RecordName.MARKS;
      case DrillUpdate _ -> RecordName.DRILL;
    };
  }

  private static void promise(String name, boolean kept, String what) {
    if (!kept) {
      throw new AssertionError(name + " is broken: " + what);
    }
  }
}
