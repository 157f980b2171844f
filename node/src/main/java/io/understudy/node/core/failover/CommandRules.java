package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.positions.Discrepancy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Operators' commands. A command is checked, then written as a directive in one transaction with
 * its request id; the rules of the phases do the rest. A command that was accepted survives every
 * crash; one that was not has changed nothing.
 */
final class CommandRules {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private CommandRules() {}

  static void commands(CellPass cell, NodePass node) {
    for (Observation.CommandReceived received : cell.seen.commands()) {
      if (received.command().meta().gateway().equals(cell.gateway())) {
        command(cell, node, received);
      }
    }
  }

  private static void command(CellPass cell, NodePass node, Observation.CommandReceived received) {
    Optional<CellState.PendingCommand> pending = cell.command;
    if (pending.filter(p -> p.call() == received.call()).isPresent()) {
      goOn(cell, node, pending.orElseThrow());
      return;
    }
    if (pending.isPresent()) {
      reject(
          node,
          received.call(),
          new Rejection.OperationInProgress(
              "another command for gateway " + cell.gateway() + " is being accepted: try again"));
      return;
    }
    Optional<Rejection> refusal = refusal(cell, received.command());
    Command.Meta meta = received.command().meta();
    Optional<Directives.CompletedRequest> before = cell.directives().request(meta.requestId());
    if (before.isPresent() && cell.elected()) {
      node.answer(
          received.call(),
          new CommandAnswer.Accepted(
              received.command(), before.orElseThrow().epoch(), true, "was accepted before"));
    } else if (refusal.isPresent()) {
      reject(node, received.call(), refusal.orElseThrow());
    } else if (received.command() instanceof Command.PlanDrill plan) {
      node.answer(
          received.call(),
          new CommandAnswer.Checked(
              DrillPreflight.checks(cell, plan.plan(), plan.servers()),
              DrillPreflight.steps(cell, plan.plan())));
    } else if (meta.dryRun()) {
      node.answer(received.call(), new CommandAnswer.WouldDo(wouldDo(cell, received.command())));
    } else {
      CellState.PendingCommand fresh =
          new CellState.PendingCommand(
              received.call(),
              received.command(),
              current(cell),
              Optional.empty(),
              cell.now.monotonic());
      goOn(cell, node, fresh);
    }
  }

  private static void reject(NodePass node, long call, Rejection rejection) {
    node.answer(call, new CommandAnswer.Rejected(rejection));
  }

  /** Writes the directive, or answers when it can be read back. */
  private static void goOn(CellPass cell, NodePass node, CellState.PendingCommand pending) {
    cell.command = Optional.of(pending);
    boolean late = cell.due(pending.since().plus(ANSWER_MAX));
    if (!cell.settled(pending.write()) || cell.freshRecords().isEmpty()) {
      if (late) {
        finish(
            cell,
            node,
            pending,
            new CommandAnswer.Rejected(
                new Rejection.OutcomeUnknown(
                    "coordination did not answer in time: look at the status before you try again")));
      } else if (pending.write().filter(cell::finished).isPresent()) {
        cell.command = Optional.of(withWrite(pending, Optional.empty()));
      }
      return;
    }
    GatewayRecords records = cell.freshRecords().orElseThrow();
    Command command = pending.command();
    if (records.directives().value().request(command.meta().requestId()).isPresent()) {
      if (command instanceof Command.Login) {
        cell.loginOrdered = cell.phase() != Phase.SERVING;
      }
      finish(
          cell,
          node,
          pending,
          new CommandAnswer.Accepted(command, pending.epoch(), false, "accepted"));
      return;
    }
    Optional<Rejection> refusal = refusal(cell, command);
    if (refusal.isPresent() || late) {
      finish(
          cell,
          node,
          pending,
          new CommandAnswer.Rejected(
              refusal.orElseGet(() ->
                  new Rejection.NoQuorum("coordination did not accept the command: try again"))));
      return;
    }
    cell.command = Optional.of(withWrite(pending, write(cell, records, command)));
  }

  private static void finish(
      CellPass cell, NodePass node, CellState.PendingCommand pending, CommandAnswer answer) {
    cell.command = Optional.empty();
    node.answer(pending.call(), answer);
  }

  private static CellState.PendingCommand withWrite(
      CellState.PendingCommand pending, Optional<EffectId> write) {
    return new CellState.PendingCommand(
        pending.call(), pending.command(), pending.epoch(), write, pending.since());
  }

  private static Epoch current(CellPass cell) {
    return cell.records().flatMap(r -> r.claim().value()).map(Claim::epoch).orElse(Epoch.NONE);
  }

  // ---- refusals

  private static Optional<Rejection> refusal(CellPass cell, Command command) {
    if (!cell.seen.connected() || cell.records().isEmpty()) {
      return Optional.of(
          new Rejection.NoQuorum(
              "node "
                  + cell.node.self()
                  + " has no contact with coordination: try again, or ask another node"));
    }
    if (!cell.elected()) {
      return Optional.of(notLeader(cell));
    }
    Epoch expected = command.meta().expectedEpoch();
    if (!expected.equals(Epoch.NONE) && !expected.equals(current(cell))) {
      return Optional.of(
          new Rejection.StaleEpoch(
              current(cell),
              "the epoch is "
                  + current(cell)
                  + ", not "
                  + expected
                  + ": look at the status again"));
    }
    return switch (command) {
      case Command.StartDrill start -> DrillCommands.refusal(cell, start);
      case Command.AbortDrill abort -> DrillCommands.refusal(cell, abort);
      case Command.MeasureDrill measure -> DrillCommands.refusal(cell, measure);
      case Command.PlanDrill _ -> Optional.empty();
      case Command.Login _ -> loginRefusal(cell);
      case Command.Failover failover -> failoverRefusal(cell, failover);
      case Command.Reconcile reconcile -> reconcileRefusal(cell, reconcile);
      case Command.Logout _,
          Command.SetAutomation _,
          Command.HaltTrading _,
          Command.ResumeTrading _,
          Command.UnlockLogins _ ->
          Optional.empty();
    };
  }

  private static Rejection notLeader(CellPass cell) {
    Optional<NodeId> leader = cell.records().flatMap(r -> r.election().elected());
    if (leader.isEmpty() || leader.orElseThrow().equals(cell.node.self())) {
      return new Rejection.NoLeader(
          "nobody leads gateway " + cell.gateway() + " yet: try again in a moment");
    }
    String address =
        cell.seen
            .snapshot()
            .map(s -> s.nodes().get(leader.orElseThrow()))
            .map(NodeRecord::peerAddress)
            .orElse("");
    return new Rejection.NotLeader(
        leader, address, "node " + leader.orElseThrow() + " leads gateway " + cell.gateway());
  }

  private static Optional<Rejection> precondition(String code, String sentence) {
    return Optional.of(new Rejection.Precondition(code, sentence, Optional.empty()));
  }

  private static Optional<Rejection> loginRefusal(CellPass cell) {
    if (cell.directives().paused()) {
      return precondition("PAUSED", "automation is paused: resume it first");
    }
    return budgetRefusal(cell);
  }

  private static Optional<Rejection> budgetRefusal(CellPass cell) {
    LoginLedger ledger = cell.ledger();
    Instant wall = cell.now.wall();
    Optional<Instant> until = ledger.lockedUntil().filter(end -> end.isAfter(wall));
    if (until.isEmpty()) {
      return Optional.empty();
    }
    Optional<Duration> earliest =
        until.filter(end -> !end.equals(Instant.MAX)).map(end -> Duration.between(wall, end));
    return Optional.of(new Rejection.LoginBudgetSpent(LoginRules.lockedSentence(ledger), earliest));
  }

  private static Optional<Rejection> failoverRefusal(CellPass cell, Command.Failover failover) {
    Directives directives = DrillCommands.personsWishes(cell);
    if (directives.loggedOut()) {
      return precondition("LOGGED_OUT", "the gateway is logged out by an operator: log in first");
    }
    if (directives.paused() && !failover.force()) {
      return precondition("PAUSED", "automation is paused: resume it first, or use force");
    }
    Optional<Directives.Switchover> running =
        cell.switchover().filter(s -> directives.switchover().equals(Optional.of(s)));
    if (running.isPresent()) {
      return Optional.of(
          new Rejection.OperationInProgress(
              "a switchover to node " + running.orElseThrow().target() + " is under way"));
    }
    if (failover.target().filter(cell.node.self()::equals).isPresent()) {
      return precondition("ALREADY_LEADER", "node " + cell.node.self() + " leads already");
    }
    Optional<NodeId> target = target(cell, failover);
    if (target.isEmpty()) {
      return failover.target().isPresent()
          ? Optional.of(
              new Rejection.UnknownNode(
                  "node " + failover.target().orElseThrow() + " is not registered in the cluster"))
          : precondition("NO_TARGET", "no other node is ready to lead");
    }
    if (!failover.force()) {
      Optional<NodeRecord.CellRecord> there = cell.cellAt(target.orElseThrow());
      if (there.filter(NodeRecord.CellRecord::ready).isEmpty()) {
        return precondition(
            "NOT_READY",
            "node "
                + target.orElseThrow()
                + " is not ready: "
                + there.map(c -> c.reason().sentence()).orElse("it does not run this gateway"));
      }
      return budgetRefusal(cell);
    }
    return Optional.empty();
  }

  private static Optional<NodeId> target(CellPass cell, Command.Failover failover) {
    if (failover.target().isEmpty()) {
      return cell.readyElsewhere();
    }
    return failover
        .target()
        .filter(t -> cell.seen.snapshot().map(s -> s.nodes().containsKey(t)).orElse(false));
  }

  private static Optional<Rejection> reconcileRefusal(CellPass cell, Command.Reconcile command) {
    boolean loggedIn =
        switch (cell.stage) {
          case Stage.Reconciling _, Stage.Serving _ -> true;
          case Stage.NeedsOperator person -> person.cause() == Stage.PersonCause.POSITIONS_DIFFER;
          case Stage.Standby _,
              Stage.Claiming _,
              Stage.Fencing _,
              Stage.LoggingIn _,
              Stage.Verifying _,
              Stage.Ceding _,
              Stage.SelfFencing _ ->
              false;
        };
    if (!loggedIn) {
      return precondition(
          "NOT_LOGGED_IN", "positions cannot be compared: " + cell.reason().sentence());
    }
    ImmutableSet<String> known =
        cell.report.stream()
            .flatMap(report -> report.discrepancies().stream())
            .map(Discrepancy::id)
            .collect(ImmutableSet.toImmutableSet());
    return command.accept().stream()
        .filter(id -> !known.contains(id))
        .findFirst()
        .flatMap(id ->
            precondition(
                "UNKNOWN_DISCREPANCY",
                "there is no discrepancy '" + id + "' in the last comparison: look at the status"));
  }

  // ---- what is written

  private static Optional<EffectId> write(CellPass cell, GatewayRecords records, Command command) {
    Command.Meta meta = command.meta();
    Directives now = DrillCommands.freed(records, command);
    Directives next =
        switch (command) {
          case Command.StartDrill start -> DrillCommands.begun(cell, now, start);
          case Command.AbortDrill _, Command.MeasureDrill _, Command.PlanDrill _ -> now;
          case Command.Login _ -> now.withLoggedOut(false);
          case Command.Logout _ -> now.withLoggedOut(true);
          case Command.Failover failover -> now.withSwitchover(switchover(cell, failover));
          case Command.Reconcile reconcile ->
              now.withReconcile(meta.requestId(), reconcile.accept(), current(cell));
          case Command.SetAutomation automation -> now.withPaused(automation.paused());
          case Command.HaltTrading _ -> now.withTradingHalted(true);
          case Command.ResumeTrading _ -> now.withTradingHalted(false);
          case Command.UnlockLogins _ -> now;
        };
    Directives.CompletedRequest request =
        new Directives.CompletedRequest(
            meta.requestId(),
            name(command),
            meta.operator(),
            meta.reason(),
            current(cell),
            cell.now.wall());
    ImmutableList.Builder<GuardedWrite.Update> updates = ImmutableList.builder();
    updates.add(
        new GuardedWrite.DirectivesUpdate(
            next.withCompleted(request), records.directives().version()));
    updates.addAll(DrillCommands.update(cell, records, command).stream().toList());
    if (command instanceof Command.UnlockLogins) {
      updates.add(
          new GuardedWrite.LedgerUpdate(
              records.ledger().value().unlocked(LoginRules.underWay(cell)),
              records.ledger().version()));
    }
    HistoryEntry line =
        new HistoryEntry(
            cell.now.wall(),
            cell.node.self(),
            current(cell),
            "Command",
            meta.operator(),
            name(command) + ": " + (meta.reason().isBlank() ? "no reason given" : meta.reason()));
    return cell.write(
        records,
        DrillCommands.conditions(cell, records, command),
        updates.build(),
        Optional.of(line));
  }

  private static Optional<Directives.Switchover> switchover(
      CellPass cell, Command.Failover failover) {
    return target(cell, failover)
        .map(target ->
            new Directives.Switchover(
                cell.node.self(),
                target,
                current(cell),
                failover.force(),
                failover.meta().requestId(),
                cell.now.wall()));
  }

  private static String name(Command command) {
    return switch (command) {
      case Command.Login _ -> "login";
      case Command.Logout _ -> "logout";
      case Command.Failover _ -> "failover";
      case Command.Reconcile _ -> "reconcile";
      case Command.SetAutomation automation -> automation.paused() ? "pause" : "resume";
      case Command.HaltTrading _ -> "halt";
      case Command.ResumeTrading _ -> "unhalt";
      case Command.UnlockLogins _ -> "unlock";
      case Command.PlanDrill plan -> "drill plan " + plan.plan().kind().word();
      case Command.StartDrill start -> "drill run " + start.plan().kind().word();
      case Command.AbortDrill abort -> "drill abort " + abort.drill();
      case Command.MeasureDrill measure -> "drill measure " + measure.drill();
    };
  }

  private static String wouldDo(CellPass cell, Command command) {
    String at = "gateway " + cell.gateway() + " on node " + cell.node.self();
    return switch (command) {
      case Command.Login _ -> "would let " + at + " log in";
      case Command.Logout _ -> "would log out " + at + ", and nobody would log in until login";
      case Command.Failover failover ->
          "would log out " + at + ", then log in on node " + target(cell, failover).orElseThrow();
      case Command.Reconcile reconcile ->
          "would compare positions, accepting " + reconcile.accept().size() + " discrepancies";
      case Command.SetAutomation automation ->
          automation.paused()
              ? "would pause automatic logins and takeovers"
              : "would resume automatic logins and takeovers";
      case Command.HaltTrading _ -> "would shut the trading gate of " + at;
      case Command.ResumeTrading _ -> "would let the trading gate of " + at + " open";
      case Command.UnlockLogins _ -> "would forget the row of failed logins and its lock";
      case Command.PlanDrill plan -> String.join("; ", DrillPreflight.steps(cell, plan.plan()));
      case Command.StartDrill start -> String.join("; ", DrillPreflight.steps(cell, start.plan()));
      case Command.AbortDrill abort -> "would end the drill " + abort.drill();
      case Command.MeasureDrill measure -> "would add what was seen to " + measure.drill();
    };
  }
}
