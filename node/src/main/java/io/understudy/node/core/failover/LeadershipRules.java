package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import java.time.Duration;
import java.util.Optional;

/**
 * From standby to custody: standing in the election, claiming the epoch, fencing the former holder.
 */
final class LeadershipRules {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration START_AGAIN = Duration.ofSeconds(5);

  private LeadershipRules() {}

  static void standby(CellPass cell, Stage.Standby standby) {
    if (strayed(cell)) {
      cell.harmless = false;
      cell.transition(
          Signal.STRAY_SESSION,
          new Stage.SelfFencing(Optional.empty(), cell.now.monotonic()),
          "StraySession",
          "the gateway is logged in and nobody here is entitled to it: it is stopped");
      return;
    }
    standInElection(cell);
    if (cell.freshRecords().filter(r -> !r.election().ownFirst()).isPresent()) {
      cell.loginOrdered = false;
    }
    Optional<Reason> obstacle = whyNotLead(cell);
    if (obstacle.isPresent()) {
      cell.explain(obstacle.orElseThrow().code(), obstacle.orElseThrow().sentence());
      keepWarm(cell, standby);
      return;
    }
    Epoch next =
        cell.records().flatMap(r -> r.claim().value()).map(Claim::epoch).orElse(Epoch.NONE).next();
    cell.transition(
        Signal.ELECTED,
        new Stage.Claiming(next, Optional.empty()),
        "Elected",
        "elected, claims epoch " + next);
    claiming(cell, (Stage.Claiming) cell.stage);
  }

  private static boolean strayed(CellPass cell) {
    return cell.lookedInPhase()
        && switch (cell.status().session()) {
          case ESTABLISHED, COMPETING, NOT_ESTABLISHED -> true;
          case UNKNOWN, LOGGED_OUT -> false;
        };
  }

  /** The first thing that stands against leading, in the order in which a person would ask. */
  private static Optional<Reason> whyNotLead(CellPass cell) {
    if (cell.seen.stopRequested()) {
      return reason("Stopping", "this node is stopping");
    }
    if (!cell.harmless) {
      return reason("GatewayNotFenced", "the gateway of a former life is not known to be stopped");
    }
    if (!cell.seen.connected() || cell.records().isEmpty()) {
      return reason("CoordinationUnreachable", "neutral: coordination is out of reach");
    }
    if (!cell.leaseHeld()) {
      return reason("NoLease", "standby, has no lease yet");
    }
    if (!cell.elected()) {
      return Optional.of(standbyOf(cell));
    }
    // A wish stands against leading whether or not the records are the newest.
    Optional<Reason> wish = directivesAgainst(cell);
    return wish.isEmpty() && cell.freshRecords().isEmpty() ? Optional.of(standbyOf(cell)) : wish;
  }

  private static Optional<Reason> directivesAgainst(CellPass cell) {
    Directives directives = cell.directives();
    if (directives.loggedOut()) {
      return reason("LoggedOutByOperator", "elected, and logged out by an operator");
    }
    Optional<NodeId> target = cell.switchover().map(Directives.Switchover::target);
    if (target.isPresent() && !target.orElseThrow().equals(cell.node.self())) {
      return reason("SwitchoverElsewhere", "stands back for the switchover to " + target.get());
    }
    boolean wanted = target.isPresent() || cell.loginOrdered;
    if (directives.paused() && !wanted) {
      return reason("AutomationPaused", "elected, and automation is paused by an operator");
    }
    return Optional.empty();
  }

  private static Reason standbyOf(CellPass cell) {
    Optional<NodeId> leader = cell.records().flatMap(r -> r.election().elected());
    if (leader.isEmpty() || leader.orElseThrow().equals(cell.node.self())) {
      return new Reason("Standby", "standby, nobody leads");
    }
    return new Reason("Standby", "standby, node " + leader.orElseThrow() + " leads");
  }

  private static Optional<Reason> reason(String code, String sentence) {
    return Optional.of(new Reason(code, sentence));
  }

  /** Joins and leaves the election, level-driven: what is read is compared with what is wanted. */
  static void standInElection(CellPass cell) {
    if (cell.membership.isPresent()) {
      if (!cell.finished(cell.membership.orElseThrow())) {
        return;
      }
      cell.membership = Optional.empty();
      cell.recordsNeededAfter = cell.now.monotonic();
    }
    if (!cell.seen.connected() || cell.freshRecords().isEmpty()) {
      return;
    }
    boolean stands = cell.freshRecords().orElseThrow().election().own().isPresent();
    boolean wanted = wantsToStand(cell);
    if (wanted && !stands) {
      cell.membership =
          Optional.of(cell.effect(id -> new Effect.JoinElection(new EffectId(id), cell.gateway())));
    } else if (!wanted && stands && cell.gate instanceof CellState.Shut) {
      // StopBeforeRelease: right after self-fencing the relay may still be on its way to be shut.
      cell.membership =
          Optional.of(
              cell.effect(id -> new Effect.LeaveElection(new EffectId(id), cell.gateway())));
    }
  }

  private static boolean wantsToStand(CellPass cell) {
    ImmutableList<NodeId> candidates = cell.freshRecords().orElseThrow().election().candidates();
    boolean heldDown = !cell.due(cell.standAgainAt) && !candidates.isEmpty();
    boolean cannotRenew =
        !cell.leaseHeld() && cell.due(cell.since.plus(cell.node.lease().sessionTimeout()));
    if (cell.seen.stopRequested() || !cell.harmless || heldDown || cannotRenew) {
      return false;
    }
    Optional<NodeId> target = cell.switchover().map(Directives.Switchover::target);
    if (target.isEmpty() || target.orElseThrow().equals(cell.node.self())) {
      return true;
    }
    // Stand behind the target of a switchover, never before it.
    int targetPlace = candidates.indexOf(target.orElseThrow());
    int ownPlace = candidates.indexOf(cell.node.self());
    return targetPlace >= 0 && (ownPlace < 0 || targetPlace < ownPlace);
  }

  private static void keepWarm(CellPass cell, Stage.Standby standby) {
    boolean known = cell.records().isPresent();
    boolean wanted = cell.settings.warm() && known && cell.harmless && !cell.seen.stopRequested();
    if (standby.start().isPresent()) {
      EffectId start = standby.start().orElseThrow();
      if (cell.finished(start)) {
        boolean started = cell.succeeded(start);
        // The look that began before the start's end may still say that nothing runs.
        MonotonicTime again = cell.now.monotonic().plus(START_AGAIN);
        cell.nextProbeAt = cell.now.monotonic();
        cell.wakeAt(again);
        cell.stage =
            new Stage.Standby(Optional.empty(), started ? 0 : standby.startFailures() + 1, again);
      }
      return;
    }
    boolean down =
        switch (cell.status().process()) {
          case STOPPED, UNKNOWN -> true;
          case STARTING, LISTENING -> false;
        };
    if (wanted && down && cell.due(standby.startAgainAt())) {
      cell.stage =
          new Stage.Standby(
              Optional.of(
                  cell.effect(id -> new Effect.StartGateway(new EffectId(id), cell.gateway()))),
              standby.startFailures(),
              standby.startAgainAt());
    }
  }

  static void claiming(CellPass cell, Stage.Claiming claiming) {
    if (!cell.settled(claiming.write())) {
      return;
    }
    Stage back = Stage.Standby.fresh(cell.now.monotonic());
    if (!cell.leaseHeld()) {
      cell.transition(Signal.CLAIM_LOST, back, "LeaseEnding", "lost the lease before the claim");
      return;
    }
    Optional<GatewayRecords> fresh = cell.freshRecords();
    if (fresh.isEmpty()) {
      cell.stage = new Stage.Claiming(claiming.next(), Optional.empty());
      return;
    }
    GatewayRecords records = fresh.orElseThrow();
    Optional<Claim> claim = records.claim().value();
    if (claim.filter(c -> c.epoch().equals(claiming.next()) && cell.isUs(c)).isPresent()) {
      claimed(cell, claiming.next());
      return;
    }
    Epoch highest = claim.map(Claim::epoch).orElse(Epoch.NONE);
    if (!records.election().ownFirst() || !claiming.next().equals(highest.next())) {
      cell.transition(Signal.CLAIM_LOST, back, "ClaimLost", "somebody else claimed or leads");
      return;
    }
    cell.stage = new Stage.Claiming(claiming.next(), writeClaim(cell, records, claiming.next()));
  }

  private static Optional<EffectId> writeClaim(CellPass cell, GatewayRecords records, Epoch next) {
    Claim claim = new Claim(next, cell.node.self(), cell.node.instance(), cell.now.wall());
    ImmutableList.Builder<GuardedWrite.Update> updates = ImmutableList.builder();
    updates.add(new GuardedWrite.ClaimUpdate(claim, records.claim().version()));
    Directives directives = records.directives().value();
    if (directives.switchover().isPresent() && cell.switchover().isEmpty()) {
      updates.add(
          new GuardedWrite.DirectivesUpdate(
              directives.withSwitchover(Optional.empty()), records.directives().version()));
    }
    HistoryEntry line =
        new HistoryEntry(
            cell.now.wall(),
            cell.node.self(),
            next,
            "Claimed",
            cell.node.self().value(),
            "claimed epoch " + next);
    return cell.write(records, ImmutableList.of(), updates.build(), Optional.of(line));
  }

  private static void claimed(CellPass cell, Epoch next) {
    cell.epoch = next;
    cell.actedUnder = next;
    cell.report = Optional.empty();
    cell.outlived = Optional.empty();
    cell.transition(
        Signal.CLAIMED,
        new Stage.Fencing(false, false, Optional.empty(), cell.now.monotonic(), Optional.empty()),
        "Claimed",
        "claimed epoch " + next + ", makes sure that the former holder stopped");
    fencing(cell, (Stage.Fencing) cell.stage);
  }

  static void fencing(CellPass cell, Stage.Fencing fencing) {
    if (!cell.settled(fencing.write())) {
      return;
    }
    if (!cell.leaseHeld() || cell.freshRecords().map(r -> !r.election().ownFirst()).orElse(false)) {
      cell.transition(
          Signal.CLAIM_LOST,
          Stage.Standby.fresh(cell.now.monotonic()),
          "ClaimLost",
          "lost the election or the lease before custody was taken");
      return;
    }
    Optional<GatewayRecords> fresh = cell.freshRecords();
    if (fresh.isEmpty()) {
      cell.stage = noWrite(fencing);
      if (fencing.write().isPresent()) {
        // Giving up has waited for the end of the write, and has its turn at once.
        cell.wakeIn(Duration.ZERO);
      }
      return;
    }
    GatewayRecords records = fresh.orElseThrow();
    Optional<Custody> custody = records.custody().value();
    if (custody.filter(c -> c.epoch().equals(cell.epoch)).isPresent()) {
      custodyTaken(cell, fencing.strict());
      return;
    }
    boolean strict = fencing.strict() || custody.isPresent();
    if (!formerStopped(cell, fencing, custody)) {
      callFormerHolder(cell, fencing, custody.orElseThrow(), strict);
      return;
    }
    cell.stage =
        new Stage.Fencing(
            strict, true, Optional.empty(), fencing.callAgainAt(), writeCustody(cell, records));
  }

  private static Stage.Fencing noWrite(Stage.Fencing fencing) {
    return new Stage.Fencing(
        fencing.strict(),
        fencing.formerStopped(),
        fencing.call(),
        fencing.callAgainAt(),
        Optional.empty());
  }

  /**
   * FenceBeforeStart: no custody, or our own (our gateway was fenced when this process began), or
   * the former holder confirmed, or its record is gone, which means that its coordination session
   * has expired, and its lease ended before that.
   */
  private static boolean formerStopped(
      CellPass cell, Stage.Fencing fencing, Optional<Custody> custody) {
    if (custody.isEmpty()
        || fencing.formerStopped()
        || custody.orElseThrow().node().equals(cell.node.self())) {
      return true;
    }
    if (fencing.call().filter(cell::succeeded).isPresent()) {
      return true;
    }
    return cell.seen
        .snapshot()
        .map(s -> !s.nodes().containsKey(custody.orElseThrow().node()))
        .orElse(false);
  }

  private static void callFormerHolder(
      CellPass cell, Stage.Fencing fencing, Custody custody, boolean strict) {
    Optional<EffectId> call = fencing.call();
    MonotonicTime again = fencing.callAgainAt();
    if (call.filter(cell::finished).isPresent()) {
      cell.explain(
          "FormerHolderSilent",
          "waits until node "
              + custody.node()
              + " stops or its coordination session expires: "
              + cell.failure(call.orElseThrow()));
      call = Optional.empty();
      again = cell.now.monotonic().plus(CALL_TIMEOUT.dividedBy(4));
    }
    if (call.isEmpty() && cell.due(again)) {
      String address =
          cell.seen
              .snapshot()
              .map(s -> s.nodes().get(custody.node()))
              .map(NodeRecord::peerAddress)
              .orElse("");
      Epoch epoch = cell.epoch;
      call =
          Optional.of(
              cell.effect(id ->
                  new Effect.CallFormerHolder(
                      new EffectId(id),
                      cell.gateway(),
                      custody.node(),
                      address,
                      epoch,
                      CALL_TIMEOUT)));
    }
    cell.stage = new Stage.Fencing(strict, false, call, again, Optional.empty());
  }

  private static Optional<EffectId> writeCustody(CellPass cell, GatewayRecords records) {
    if (!cell.mayAct()) {
      return Optional.empty();
    }
    Custody custody =
        new Custody(cell.node.self(), cell.node.instance(), cell.epoch, cell.now.wall());
    return cell.write(
        records,
        ImmutableList.of(CellPass.unchanged(RecordName.CLAIM, records.claim())),
        ImmutableList.of(
            new GuardedWrite.CustodyUpdate(Optional.of(custody), records.custody().version())),
        Optional.empty());
  }

  private static void custodyTaken(CellPass cell, boolean strict) {
    cell.harmless = false;
    cell.transition(
        Signal.CUSTODY_TAKEN,
        Stage.LoggingIn.fresh(strict, cell.now.monotonic()),
        "CustodyTaken",
        "holds custody in epoch " + cell.epoch + ", prepares the login" + cell.outlivedClause());
    LoginRules.loggingIn(cell, (Stage.LoggingIn) cell.stage);
  }
}
