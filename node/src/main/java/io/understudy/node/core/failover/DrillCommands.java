package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.PreflightCheck;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * What commands mean for drills: those that begin, end and measure one, and those of a person that
 * win over it. Each is part of the transaction that accepts the command.
 */
final class DrillCommands {
  private DrillCommands() {}

  // ---- refusals

  static Optional<Rejection> refusal(CellPass cell, Command.StartDrill start) {
    return DrillPreflight.checks(cell, start.plan(), start.servers()).stream()
        .filter(check -> !check.passed())
        .filter(check -> !check.mayOverrule() || !start.plan().overrule().contains(check.code()))
        .findFirst()
        .map(check -> new Rejection.Precondition(check.code(), sentence(check), Optional.empty()));
  }

  private static String sentence(PreflightCheck check) {
    return check.mayOverrule()
        ? check.sentence() + " (or overrule " + check.code() + ")"
        : check.sentence();
  }

  static Optional<Rejection> refusal(CellPass cell, Command.AbortDrill abort) {
    Optional<Drill> drill = drill(cell);
    if (drill.filter(last -> last.id().equals(abort.drill())).isEmpty()) {
      return unknown(abort.drill());
    }
    return drill.filter(last -> last.stage().ended()).isPresent()
        ? Optional.of(
            new Rejection.Precondition(
                "DRILL_ENDED", "the drill " + abort.drill() + " has ended", Optional.empty()))
        : Optional.empty();
  }

  static Optional<Rejection> refusal(CellPass cell, Command.MeasureDrill measure) {
    return drill(cell).filter(last -> last.id().equals(measure.drill())).isPresent()
        ? Optional.empty()
        : unknown(measure.drill());
  }

  private static Optional<Rejection> unknown(String id) {
    return Optional.of(
        new Rejection.Precondition(
            "UNKNOWN_DRILL",
            "the current or last drill is not " + id + ": look at the list of drills",
            Optional.empty()));
  }

  private static Optional<Drill> drill(CellPass cell) {
    return cell.records().flatMap(records -> records.drill().value().drill());
  }

  // ---- a person wins

  /** The operators' wishes without those of a drill. */
  static Directives personsWishes(CellPass cell) {
    return cell.records()
        .flatMap(records -> records.drill().value().underWay())
        .map(drill -> drill.without(cell.directives()))
        .orElse(cell.directives());
  }

  /** The wishes that the command changes: without the drill's, where it ends the drill. */
  static Directives freed(GatewayRecords records, Command command) {
    Directives now = records.directives().value();
    return ended(records, command).map(drill -> drill.without(now)).orElse(now);
  }

  /** The drill that this command ends. */
  private static Optional<Drill> ended(GatewayRecords records, Command command) {
    Directives now = records.directives().value();
    return records
        .drill()
        .value()
        .underWay()
        .filter(drill ->
            switch (command) {
              case Command.AbortDrill abort -> abort.drill().equals(drill.id());
              case Command.Logout _, Command.Failover _, Command.HaltTrading _ -> true;
              case Command.SetAutomation automation -> automation.paused();
              // Else it may hand in a one-time code for the login of the drill.
              case Command.Login _ -> drill.keepsLoggedOut(now);
              case Command.Reconcile _,
                  Command.ResumeTrading _,
                  Command.UnlockLogins _,
                  Command.PlanDrill _,
                  Command.StartDrill _,
                  Command.MeasureDrill _ ->
                  false;
            });
  }

  // ---- what is written

  /** A drill begins only while this node leads as it did when that was checked. */
  static ImmutableList<GuardedWrite.Condition> conditions(
      CellPass cell, GatewayRecords records, Command command) {
    return command instanceof Command.StartDrill ? cell.stillEntitled(records) : ImmutableList.of();
  }

  static Optional<GuardedWrite.Update> update(
      CellPass cell, GatewayRecords records, Command command) {
    int version = records.drill().version();
    return switch (command) {
      case Command.StartDrill start ->
          Optional.of(
              new GuardedWrite.DrillUpdate(
                  fresh(cell, start), records.drill().value().drill(), version));
      case Command.MeasureDrill measure ->
          records
              .drill()
              .value()
              .drill()
              .map(drill ->
                  new GuardedWrite.DrillUpdate(
                      drill.measured(measure.measurement()), Optional.empty(), version));
      case Command.Login _,
          Command.Logout _,
          Command.Failover _,
          Command.Reconcile _,
          Command.SetAutomation _,
          Command.HaltTrading _,
          Command.ResumeTrading _,
          Command.UnlockLogins _,
          Command.PlanDrill _,
          Command.AbortDrill _ ->
          ended(records, command)
              .map(drill ->
                  new GuardedWrite.DrillUpdate(
                      aborted(cell, drill, command), Optional.empty(), version));
    };
  }

  /** At its end, unless the gateway is to be led back first; who aborts twice will not wait. */
  private static Drill aborted(CellPass cell, Drill drill, Command command) {
    String sentence = abortedBy(cell, drill, command);
    boolean first = command instanceof Command.AbortDrill && drill.stage() != DrillStage.ABORTING;
    return first && DrillRules.ledAway(cell, drill)
        ? drill.at(DrillStage.ABORTING, sentence)
        : DrillRules.ended(cell, drill, DrillStage.ABORTED, sentence);
  }

  private static String abortedBy(CellPass cell, Drill drill, Command command) {
    String by = "aborted by " + command.meta().operator();
    String how =
        command instanceof Command.AbortDrill ? "" : ": a command of a person wins over a drill";
    boolean cut = drill.plan().kind() == DrillKind.PARTITION && drill.stage() == DrillStage.FAULT;
    return by
        + how
        + (cut
            ? "; the cut of node %s ends by itself within %d s"
                .formatted(drill.origin(), DrillFault.cut(cell).toSeconds())
            : "");
  }

  /** What the wishes become when a drill begins. */
  static Directives begun(CellPass cell, Directives now, Command.StartDrill start) {
    return switch (start.plan().kind()) {
      case LOGIN_ONLY -> now.withLoggedOut(true);
      case SWITCHOVER ->
          now.withSwitchover(
              target(cell, start.plan())
                  .map(target -> switchover(cell, target, start.meta().requestId())));
      case CRASH, PARTITION, GATEWAY_CRASH -> now;
    };
  }

  private static Directives.Switchover switchover(CellPass cell, NodeId target, String request) {
    return new Directives.Switchover(
        cell.node.self(), target, cell.epoch, false, request, cell.now.wall());
  }

  static Optional<NodeId> target(CellPass cell, DrillPlan plan) {
    return plan.target().or(cell::readyElsewhere).filter(_ -> plan.kind().takenOver());
  }

  private static Drill fresh(CellPass cell, Command.StartDrill start) {
    DrillSettings settings = cell.settings.drill();
    DrillPlan plan =
        start
            .plan()
            .filledIn(
                target(cell, start.plan()),
                start.plan().rto().orElse(settings.rto()),
                start.plan().timeout().orElse(settings.timeout()));
    Instant now = cell.now.wall();
    boolean injected = plan.kind().injected();
    Drill drill =
        new Drill(
            start.meta().requestId(),
            plan,
            start.meta().operator(),
            start.meta().reason(),
            now,
            now.plus(plan.timeout().orElse(settings.timeout())),
            Optional.empty(),
            injected ? DrillStage.ACCEPTED : DrillStage.FAULT,
            injected ? "accepted, the fault follows" : "under way",
            cell.node.self(),
            cell.node.instance(),
            cell.epoch,
            ImmutableList.of(DrillRules.mark(cell, DrillMark.STARTED)),
            DrillRules.sight(cell),
            Optional.empty(),
            Optional.empty(),
            versions(cell));
    return injected ? drill : drill.marked(DrillRules.mark(cell, DrillMark.FAULT));
  }

  private static ImmutableSortedMap<NodeId, String> versions(CellPass cell) {
    ImmutableSortedMap.Builder<NodeId, String> versions = ImmutableSortedMap.naturalOrder();
    cell.seen
        .snapshot()
        .ifPresent(snapshot ->
            snapshot.nodes().forEach((node, record) -> versions.put(node, record.version())));
    return versions.buildOrThrow();
  }
}
