package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillSight;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.DrillVerdict;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.positions.ReconciliationReport;
import java.time.Duration;
import java.util.Optional;

/**
 * The elected cell carries a drill on: it makes the fault, sees who serves again, leads back, and
 * ends the drill with a verdict, or at its deadline without one.
 *
 * <p>A drill holds nothing back and entitles to nothing: it asks for a switchover or a logout as an
 * operator would, or has the edge harm this node, and the other rules do what they always do. Each
 * stage is one guarded write, read back before anything follows from it. Who did not lead when the
 * drill began makes no fault.
 */
final class DrillRules {
  /** Until then the operator has the answer, and a probing client has begun. */
  private static final Duration LEAD = Duration.ofSeconds(2);

  /** What the other nodes say of themselves arrives a moment after what it follows from. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  private static final Duration SETTLE_MAX = Duration.ofSeconds(10);

  private DrillRules() {}

  /** What the record and the operators' wishes become. */
  private record Move(Drill drill, Directives directives) {}

  static void apply(CellPass cell) {
    noteGate(cell);
    boolean underWay =
        cell.records().flatMap(records -> records.drill().value().underWay()).isPresent();
    if (!underWay) {
      cell.drill = cell.drill.idle();
      return;
    }
    if (!cell.settled(cell.drill.write())) {
      return;
    }
    cell.drill = cell.drill.writing(Optional.empty());
    Optional<GatewayRecords> fresh = cell.freshRecords();
    boolean free = cell.command.isEmpty() && !cell.seen.stopRequested();
    if (!free || !fresh.map(records -> records.election().ownFirst()).orElse(false)) {
      return;
    }
    GatewayRecords records = fresh.orElseThrow();
    records
        .drill()
        .value()
        .underWay()
        .ifPresent(drill -> {
          DrillFault.inject(cell, records, drill);
          next(cell, records, drill).ifPresent(move -> write(cell, records, drill, move));
        });
  }

  private static void noteGate(CellPass cell) {
    if (!cell.gateOpen() || cell.phase() != Phase.SERVING) {
      return;
    }
    DrillMark last = Iterables.getLast(cell.drill.trail(), null);
    if (last == null || !last.says(DrillMark.GATE_OPEN)) {
      cell.drill = cell.drill.passed(mark(cell, DrillMark.GATE_OPEN));
    }
  }

  static DrillMark mark(CellPass cell, String what) {
    return new DrillMark(cell.now.wall(), cell.node.self(), cell.epoch, what);
  }

  private static void write(CellPass cell, GatewayRecords records, Drill before, Move move) {
    ImmutableList.Builder<GuardedWrite.Condition> conditions = ImmutableList.builder();
    ImmutableList.Builder<GuardedWrite.Update> updates = ImmutableList.builder();
    conditions.add(CellPass.unchanged(RecordName.CLAIM, records.claim()));
    updates.add(
        new GuardedWrite.DrillUpdate(move.drill(), Optional.empty(), records.drill().version()));
    if (move.directives().equals(records.directives().value())) {
      conditions.add(CellPass.unchanged(RecordName.DIRECTIVES, records.directives()));
    } else {
      updates.add(
          new GuardedWrite.DirectivesUpdate(move.directives(), records.directives().version()));
    }
    Optional<HistoryEntry> line =
        move.drill().stage() == before.stage()
            ? Optional.empty()
            : Optional.of(line(cell, move.drill()));
    cell.drill = cell.drill.writing(cell.write(records, conditions.build(), updates.build(), line));
  }

  private static HistoryEntry line(CellPass cell, Drill drill) {
    return new HistoryEntry(
        cell.now.wall(),
        cell.node.self(),
        cell.epoch,
        "Drill",
        cell.node.self().value(),
        drill.plan().kind().word() + " drill: " + drill.sentence());
  }

  // ---- what comes next

  private static Optional<Move> next(CellPass cell, GatewayRecords records, Drill drill) {
    if (cell.reached(drill.deadline())) {
      return withoutVerdict(
          cell, records, drill, "it was not over by its deadline, " + missing(drill));
    }
    if (cell.phase() == Phase.NEEDS_OPERATOR) {
      return withoutVerdict(
          cell,
          records,
          drill,
          "node " + cell.node.self() + " needs a person: " + cell.reason().sentence());
    }
    return switch (drill.stage()) {
      case ACCEPTED -> accepted(cell, records, drill);
      case FAULT -> afterFault(cell, records, drill);
      case RECOVERED -> recovered(cell, records, drill);
      case FALLING_BACK -> fallingBack(cell, records, drill);
      case ABORTING -> aborting(cell, records, drill);
      case PASSED, FAILED, ABORTED -> Optional.empty();
    };
  }

  private static String missing(Drill drill) {
    return switch (drill.stage()) {
      case ACCEPTED -> "and the fault was not made";
      case FAULT -> "and no node was seen to serve again";
      case RECOVERED ->
          drill.plan().fallBack()
              ? "and node " + drill.origin() + " was not ready for the way back"
              : "and node " + drill.origin() + " has not come back";
      case FALLING_BACK, ABORTING -> "and node " + drill.origin() + " does not serve again";
      case PASSED, FAILED, ABORTED -> drill.sentence();
    };
  }

  private static Optional<Move> accepted(CellPass cell, GatewayRecords records, Drill drill) {
    if (!DrillFault.leadsAsAtBegin(cell, records, drill) || cell.phase() != Phase.SERVING) {
      return withoutVerdict(
          cell,
          records,
          drill,
          "node " + drill.origin() + " no longer serves as when it began, so no fault was made");
    }
    boolean early = !cell.elapsed(drill.startedAt(), LEAD);
    if (early || !cell.gateOpen() || !cell.mayAct()) {
      return Optional.empty();
    }
    if (cell.readyElsewhere().isEmpty()) {
      return withoutVerdict(
          cell, records, drill, "no other node is ready any more, so no fault was made");
    }
    return Optional.of(
        new Move(
            drill
                .marked(mark(cell, DrillMark.FAULT))
                .at(DrillStage.FAULT, "the fault is made on node " + cell.node.self()),
            records.directives().value()));
  }

  private static Optional<Move> afterFault(CellPass cell, GatewayRecords records, Drill drill) {
    Directives directives = records.directives().value();
    if (drill.keepsLoggedOut(directives)) {
      return loggedOut(cell, records, drill);
    }
    Optional<String> notMade = DrillFault.notMade(cell, records, drill);
    if (notMade.isPresent()) {
      return withoutVerdict(cell, records, drill, notMade.orElseThrow());
    }
    if (!servesSince(cell, records, drill, DrillMark.FAULT)) {
      return given(cell, records, drill, DrillMark.FAULT);
    }
    Drill back =
        drill
            .marked(trail(cell, drill, DrillMark.FAULT))
            .marked(mark(cell, DrillMark.RECOVERED))
            .seenAfter(sight(cell))
            .at(
                DrillStage.RECOVERED,
                "node " + cell.node.self() + " serves under epoch " + cell.epoch);
    return Optional.of(over(cell, records, back).orElse(new Move(back, directives)));
  }

  /**
   * Once it is certain that nobody is logged in, or that somebody else leads: in again. A node that
   * had to fence itself meanwhile has stopped its gateway too, and its own custody stays on record.
   */
  private static Optional<Move> loggedOut(CellPass cell, GatewayRecords records, Drill drill) {
    boolean heldElsewhere =
        records
            .custody()
            .value()
            .filter(custody -> !custody.node().equals(cell.node.self()))
            .isPresent();
    boolean out =
        cell.phase() == Phase.STANDBY
            && cell.harmless
            && cell.gate instanceof CellState.Shut
            && !heldElsewhere;
    if (!out && DrillFault.leadsAsAtBegin(cell, records, drill)) {
      return Optional.empty();
    }
    return Optional.of(
        new Move(
            drill.at(DrillStage.FAULT, "logged out, logs in again"),
            drill.without(records.directives().value())));
  }

  private static Optional<Move> recovered(CellPass cell, GatewayRecords records, Drill drill) {
    boolean same =
        drill.after().filter(sight -> sight.epoch().equals(claimed(records))).isPresent();
    if (!same) {
      return withoutVerdict(cell, records, drill, "another node took over after that");
    }
    Optional<Move> over = over(cell, records, drill);
    if (over.isPresent() || !wantsBack(cell, drill)) {
      return over;
    }
    return wayBack(
        cell,
        records,
        drill.at(DrillStage.FALLING_BACK, "hands over to node " + drill.origin() + " again"));
  }

  /** The hand-over to the node that led, once that is ready. */
  private static Optional<Move> wayBack(CellPass cell, GatewayRecords records, Drill drill) {
    boolean ready = cell.cellAt(drill.origin()).filter(NodeRecord.CellRecord::ready).isPresent();
    boolean serves = cell.phase() == Phase.SERVING && cell.gateOpen() && cell.mayAct();
    if (!ready || !serves || cell.switchover().isPresent()) {
      return Optional.empty();
    }
    Directives.Switchover back =
        new Directives.Switchover(
            cell.node.self(),
            drill.origin(),
            cell.epoch,
            false,
            drill.wayBackRequest(),
            cell.now.wall());
    return Optional.of(
        new Move(
            drill.marked(mark(cell, DrillMark.FALLING_BACK)),
            records.directives().value().withSwitchover(Optional.of(back))));
  }

  /** Whether the gateway is to be led back to the node that led, or is on its way from there. */
  static boolean ledAway(CellPass cell, Drill drill) {
    boolean struck = drill.plan().kind().silences() && cell.drill.injected().equals(drill.id());
    boolean stays =
        cell.node.self().equals(drill.origin())
            && cell.epoch.equals(drill.originEpoch())
            && (cell.phase() == Phase.SERVING || !drill.plan().kind().takenOver());
    return drill.plan().fallBack() && (struck || !stays);
  }

  /**
   * A person has ended it. Where the node that led serves again, nothing is left to do; where it
   * could not keep the gateway, it is not asked twice. A wish of a person that holds now, written
   * by a version that does not know this stage, wins over the way back.
   */
  private static Optional<Move> aborting(CellPass cell, GatewayRecords records, Drill drill) {
    boolean struck =
        cell.drill.injection().filter(injection -> !cell.finished(injection)).isPresent();
    boolean serves = cell.phase() == Phase.SERVING && cell.gateOpen() && cell.claimIsOurs(records);
    if (struck || !serves) {
      return Optional.empty();
    }
    if (cell.node.self().equals(drill.origin())) {
      return withoutVerdict(cell, records, drill, "node " + drill.origin() + " serves again");
    }
    Directives wishes = records.directives().value();
    if (wishes.paused() || wishes.loggedOut() || wishes.tradingHalted()) {
      return withoutVerdict(cell, records, drill, "an operator's wish holds the way back");
    }
    boolean triedBack =
        drill.marks().stream()
            .filter(mark -> mark.says(DrillMark.FALLING_BACK))
            .anyMatch(mark -> cell.epoch.isAfter(mark.epoch()));
    return triedBack
        ? withoutVerdict(
            cell, records, drill, "node " + drill.origin() + " did not take over again")
        : wayBack(cell, records, drill);
  }

  private static boolean wantsBack(CellPass cell, Drill drill) {
    return drill.plan().fallBack() && !cell.node.self().equals(drill.origin());
  }

  /** The end, where nothing is to follow and the node that led is there again. */
  private static Optional<Move> over(CellPass cell, GatewayRecords records, Drill drill) {
    boolean there =
        !drill.plan().kind().silences()
            || cell.seen.snapshot().map(s -> s.nodes().containsKey(drill.origin())).orElse(false);
    return wantsBack(cell, drill) || !there
        ? Optional.empty()
        : Optional.of(judged(cell, records, drill));
  }

  private static Optional<Move> fallingBack(CellPass cell, GatewayRecords records, Drill drill) {
    if (cell.node.self().equals(drill.origin())) {
      return servesSince(cell, records, drill, DrillMark.FALLING_BACK)
          ? Optional.of(
              judged(
                  cell,
                  records,
                  drill.marked(trail(cell, drill, DrillMark.FALLING_BACK)).seenAfter(sight(cell))))
          : Optional.empty();
    }
    boolean asked = cell.switchover().filter(drill::isOwn).isPresent();
    return asked || cell.phase() != Phase.SERVING
        ? given(cell, records, drill, DrillMark.FALLING_BACK)
        : withoutVerdict(
            cell, records, drill, "node " + drill.origin() + " did not take over again");
  }

  /** While the leader gives up in good order it still can tell when it began to. */
  private static Optional<Move> given(
      CellPass cell, GatewayRecords records, Drill drill, String since) {
    Drill told = drill.marked(trail(cell, drill, since));
    return cell.phase() == Phase.CEDING && !told.equals(drill)
        ? Optional.of(new Move(told, records.directives().value()))
        : Optional.empty();
  }

  // ---- what is seen

  /** This cell serves, and not as it did before that mark. */
  private static boolean servesSince(
      CellPass cell, GatewayRecords records, Drill drill, String since) {
    boolean serves = cell.phase() == Phase.SERVING && cell.gateOpen() && cell.claimIsOurs(records);
    Epoch begin = drill.mark(since).map(DrillMark::epoch).orElse(drill.originEpoch());
    boolean sameEpoch = drill.plan().kind() == DrillKind.GATEWAY_CRASH;
    boolean anew =
        trail(cell, drill, since).stream()
            .filter(mark -> mark.says(DrillMark.GATE_OPEN))
            .anyMatch(mark -> sameEpoch || mark.epoch().isAfter(begin));
    if (!serves || !anew) {
      return false;
    }
    return cell.due(cell.since.plus(SETTLE_MAX))
        || (cell.due(cell.since.plus(SETTLE)) && sessions(cell) == 1);
  }

  /** What this cell went through since that mark: under later epochs, or after it by its clock. */
  private static ImmutableList<DrillMark> trail(CellPass cell, Drill drill, String since) {
    Optional<DrillMark> from = drill.mark(since);
    if (from.isEmpty()) {
      return ImmutableList.of();
    }
    DrillMark begin = from.orElseThrow();
    boolean own = begin.node().equals(cell.node.self());
    return cell.drill.trail().stream()
        .filter(
            mark -> mark.epoch().isAfter(begin.epoch()) || (own && !mark.at().isBefore(begin.at())))
        .collect(ImmutableList.toImmutableList());
  }

  private static Epoch claimed(GatewayRecords records) {
    return records.claim().value().map(claim -> claim.epoch()).orElse(Epoch.NONE);
  }

  /** What the leader holds now. */
  static DrillSight sight(CellPass cell) {
    Optional<ReconciliationReport> report = cell.report;
    return new DrillSight(
        cell.now.wall(),
        cell.node.self(),
        cell.epoch,
        report.map(ReconciliationReport::compared).orElse(0),
        report.map(last -> last.discrepancies().size()).orElse(0),
        report.filter(last -> last.expectedOpenOrders() >= 0).map(ReconciliationReport::openOrders),
        sessions(cell));
  }

  private static int sessions(CellPass cell) {
    long others =
        cell.seen.snapshot().stream()
            .flatMap(snapshot -> snapshot.nodes().values().stream())
            .filter(record -> !record.node().equals(cell.node.self()))
            .flatMap(record -> record.cell(cell.gateway()).stream())
            .filter(there -> there.session() == SessionState.ESTABLISHED)
            .count();
    return Math.toIntExact(others) + (cell.status().session() == SessionState.ESTABLISHED ? 1 : 0);
  }

  // ---- ends

  private static Move judged(CellPass cell, GatewayRecords records, Drill drill) {
    DrillVerdict verdict = DrillVerdict.of(drill);
    Drill ended =
        ended(
            cell,
            drill,
            verdict.passed() ? DrillStage.PASSED : DrillStage.FAILED,
            verdict.sentence());
    return new Move(ended, drill.without(records.directives().value()));
  }

  /** The end of a drill that cannot go on, or that a person has ended. */
  private static Optional<Move> withoutVerdict(
      CellPass cell, GatewayRecords records, Drill drill, String why) {
    Drill ended =
        drill.stage() == DrillStage.ABORTING
            ? ended(cell, drill, DrillStage.ABORTED, drill.sentence() + "; " + why)
            : ended(cell, drill, DrillStage.FAILED, "failed: " + why);
    return Optional.of(new Move(ended, drill.without(records.directives().value())));
  }

  /** The drill at its end, with the time of it. */
  static Drill ended(CellPass cell, Drill drill, DrillStage end, String sentence) {
    return drill.marked(mark(cell, DrillMark.ENDED)).ended(end, cell.now.wall(), sentence);
  }
}
