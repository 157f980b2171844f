package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.drill.PreflightCheck;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.MaintenanceWindow;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.ServerView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What must be so before a drill begins. Everything is checked and told each time, so that a person
 * sees all that is in the way at once.
 */
final class DrillPreflight {
  private static final Duration TAKEOVER_RECENT = Duration.ofMinutes(10);
  private static final Duration LOOK_AHEAD = Duration.ofMinutes(1);

  private DrillPreflight() {}

  static ImmutableList<PreflightCheck> checks(
      CellPass cell, DrillPlan plan, ImmutableList<ServerView> servers) {
    ImmutableList.Builder<PreflightCheck> checks = ImmutableList.builder();
    checks.add(serving(cell));
    checks.add(switchover(cell));
    checks.add(pausedOrHalted(cell));
    checks.add(underWay(cell));
    checks.add(standby(cell, plan));
    checks.add(quorum(servers));
    checks.add(discrepancies(cell));
    for (PeerCondition.Type type : PeerCondition.Type.values()) {
      checks.add(type == PeerCondition.Type.VERSION_SKEW ? versions(cell) : peers(cell, type));
    }
    checks.add(budget(cell, plan));
    checks.add(maintenance(cell, plan));
    checks.add(tradingHours(cell, plan));
    checks.add(recentTakeover(cell));
    checks.add(timeout(cell, plan));
    if (plan.kind().silences()) {
      checks.add(otherGateways(cell));
    }
    means(cell, plan.kind()).ifPresent(checks::add);
    return checks.build();
  }

  private static PreflightCheck check(String code, boolean passed, String good, String bad) {
    return new PreflightCheck(code, passed, passed ? good : bad, false);
  }

  private static PreflightCheck overrulable(String code, boolean passed, String good, String bad) {
    return new PreflightCheck(code, passed, passed ? good : bad, true);
  }

  private static PreflightCheck serving(CellPass cell) {
    boolean serves =
        cell.phase() == Phase.SERVING
            && cell.gateOpen()
            && cell.status().session() == SessionState.ESTABLISHED
            && cell.mayAct();
    return check(
        "NOT_SERVING",
        serves,
        "node " + cell.node.self() + " serves under epoch " + cell.epoch,
        "node "
            + cell.node.self()
            + " does not serve: "
            + cell.reason().sentence()
            + "; wait until it does");
  }

  private static PreflightCheck switchover(CellPass cell) {
    return check(
        "SWITCHOVER_UNDER_WAY",
        cell.switchover().isEmpty(),
        "no switchover is under way",
        "a switchover is under way: wait for its end");
  }

  private static PreflightCheck pausedOrHalted(CellPass cell) {
    Directives directives = DrillCommands.personsWishes(cell);
    boolean free = !directives.paused() && !directives.tradingHalted() && !directives.loggedOut();
    return check(
        "PAUSED_OR_HALTED",
        free,
        "automation works and trading is allowed",
        "automation is paused, trading is halted or the gateway is logged out by an operator:"
            + " resume first");
  }

  private static PreflightCheck underWay(CellPass cell) {
    LastDrill last =
        cell.records().map(records -> records.drill().value()).orElse(LastDrill.UNREADABLE);
    if (!last.readable()) {
      return check(
          "DRILL_UNDER_WAY",
          false,
          "",
          "the record of the last drill cannot be read by this version: bring all nodes to one"
              + " version, or delete the record drill of the gateway in coordination");
    }
    return check(
        "DRILL_UNDER_WAY",
        last.underWay().isEmpty(),
        "no drill is under way",
        last.underWay()
            .map(drill ->
                "the drill "
                    + drill.id()
                    + " is under way until "
                    + drill.deadline()
                    + " at the latest: wait for its end, or abort it")
            .orElse(""));
  }

  private static PreflightCheck standby(CellPass cell, DrillPlan plan) {
    Optional<NodeId> target = plan.target().or(cell::readyElsewhere);
    boolean ready =
        target
            .filter(node -> !node.equals(cell.node.self()))
            .flatMap(cell::cellAt)
            .filter(NodeRecord.CellRecord::ready)
            .isPresent();
    return check(
        "STANDBY_NOT_READY",
        ready,
        target.map(node -> "node " + node + " is ready to take over").orElse(""),
        target
            .map(node ->
                "node "
                    + node
                    + " is not ready to take over: "
                    + cell.cellAt(node)
                        .map(there -> there.reason().sentence())
                        .orElse("it is not registered")
                    + "; wait until it is")
            .orElse("no other node is ready to take over: wait until one is"));
  }

  private static PreflightCheck quorum(ImmutableList<ServerView> servers) {
    String down =
        servers.stream()
            .filter(server -> !server.up())
            .map(server -> server.server() + " (" + server.mode() + ")")
            .collect(Collectors.joining(", "));
    return check(
        "QUORUM_NOT_FULL",
        !servers.isEmpty() && down.isEmpty(),
        "all " + servers.size() + " coordination servers answer",
        servers.isEmpty()
            ? "the coordination servers were not looked at yet: try again in a few seconds"
            : "these coordination servers do not answer: " + down + "; bring them back first");
  }

  private static PreflightCheck discrepancies(CellPass cell) {
    boolean clean = cell.report.filter(report -> report.clean()).isPresent();
    return check(
        "DISCREPANCY_OPEN",
        clean,
        cell.report
            .map(report -> report.compared() + " positions agree with the engine's books")
            .orElse(""),
        cell.report.isEmpty()
            ? "positions were not compared under this epoch: reconcile first"
            : "positions differ from the engine's books: reconcile first");
  }

  private static PreflightCheck peers(CellPass cell, PeerCondition.Type type) {
    String holds =
        cell.peers().values().stream()
            .filter(peer -> peer.watch().holds(type))
            .map(peer ->
                "node " + peer.watch().node() + ": " + peer.watch().sentence(type).orElse(""))
            .collect(Collectors.joining("; "));
    return check(
        type.name(),
        holds.isEmpty(),
        "no other node shows the condition " + type.text(),
        "condition " + type.text() + ", " + holds + "; see to it first");
  }

  /**
   * What is registered counts at once, not only when it has lasted: a node of a version without
   * drills that takes over in one would not take back what the drill has asked for.
   */
  private static PreflightCheck versions(CellPass cell) {
    String others =
        cell.seen.snapshot().stream()
            .flatMap(snapshot -> snapshot.nodes().values().stream())
            .filter(record -> !record.version().equals(cell.node.version()))
            .map(record -> "node " + record.node() + " runs version " + record.version())
            .collect(Collectors.joining("; "));
    return others.isEmpty()
        ? peers(cell, PeerCondition.Type.VERSION_SKEW)
        : check(
            PeerCondition.Type.VERSION_SKEW.name(),
            false,
            "",
            others + ", and this node " + cell.node.version() + ": bring all to one version first");
  }

  private static PreflightCheck budget(CellPass cell, DrillPlan plan) {
    LoginLedger ledger = cell.ledger();
    int failures = ledger.failuresInRow();
    int needed = plan.logins();
    boolean locked = ledger.lockedUntil().filter(end -> end.isAfter(cell.now.wall())).isPresent();
    boolean enough = !locked && failures == 0 && cell.settings.failuresMax() >= needed;
    return check(
        "LOGIN_BUDGET_LOW",
        enough,
        "no failed login is on record, and the drill takes " + needed,
        locked
            ? LoginRules.lockedSentence(ledger)
            : "%d failed or open logins are on record of the %d that lock, and the drill takes %d: wait for a login that succeeds, or unlock"
                .formatted(failures, cell.settings.failuresMax(), needed));
  }

  private static PreflightCheck maintenance(CellPass cell, DrillPlan plan) {
    Optional<MaintenanceWindow> window = within(cell, plan, cell.settings.maintenance());
    return check(
        "MAINTENANCE",
        window.isEmpty(),
        "no maintenance window before the drill's deadline",
        window
            .map(w ->
                "a maintenance window ("
                    + w
                    + ") begins before the drill's deadline: choose"
                    + " another time")
            .orElse(""));
  }

  private static PreflightCheck tradingHours(CellPass cell, DrillPlan plan) {
    Optional<MaintenanceWindow> window = within(cell, plan, cell.settings.drill().marketHours());
    return overrulable(
        "TRADING_HOURS",
        window.isEmpty(),
        "outside of the configured trading hours until the drill's deadline",
        window
            .map(w -> "trading hours (" + w + ") before the drill's deadline: choose another time")
            .orElse(""));
  }

  /** The window that now lies in, or that begins before the drill would have to be over. */
  private static Optional<MaintenanceWindow> within(
      CellPass cell, DrillPlan plan, ImmutableList<MaintenanceWindow> windows) {
    Instant now = cell.now.wall();
    Duration patience = patience(cell, plan);
    Duration ahead =
        patience.compareTo(DrillSettings.TIMEOUT_MAX) < 0 ? patience : DrillSettings.TIMEOUT_MAX;
    for (MaintenanceWindow window : windows) {
      for (Instant at = now; !at.isAfter(now.plus(ahead)); at = at.plus(LOOK_AHEAD)) {
        if (window.contains(at)) {
          return Optional.of(window);
        }
      }
    }
    return Optional.empty();
  }

  private static Duration patience(CellPass cell, DrillPlan plan) {
    return plan.timeout().orElse(cell.settings.drill().timeout());
  }

  private static PreflightCheck recentTakeover(CellPass cell) {
    Optional<Instant> claimed =
        cell.records().flatMap(records -> records.claim().value()).map(Claim::at);
    boolean recent =
        claimed
            .filter(at -> Duration.between(at, cell.now.wall()).compareTo(TAKEOVER_RECENT) < 0)
            .isPresent();
    return overrulable(
        "RECENT_TAKEOVER",
        !recent,
        "the last takeover is more than " + TAKEOVER_RECENT.toMinutes() + " minutes ago",
        "the last takeover was at "
            + claimed.map(Instant::toString).orElse("")
            + ": wait until it is "
            + TAKEOVER_RECENT.toMinutes()
            + " minutes ago");
  }

  private static PreflightCheck timeout(CellPass cell, DrillPlan plan) {
    Duration patience = patience(cell, plan);
    Duration rto = plan.rto().orElse(cell.settings.drill().rto());
    boolean enough =
        rto.multipliedBy(plan.logins()).compareTo(patience) <= 0
            && patience.compareTo(DrillSettings.TIMEOUT_MIN) >= 0
            && patience.compareTo(DrillSettings.TIMEOUT_MAX) <= 0;
    return check(
        "TIMEOUT_UNFIT",
        enough,
        "the drill may take " + patience.toSeconds() + " s in all",
        "%d s for the whole drill (expected: %d to %d s, and at least the objective of %d s for each way)"
            .formatted(
                patience.toSeconds(),
                DrillSettings.TIMEOUT_MIN.toSeconds(),
                DrillSettings.TIMEOUT_MAX.toSeconds(),
                rto.toSeconds()));
  }

  /** A node that dies or is cut off takes all its gateways with it, and only one was checked. */
  private static PreflightCheck otherGateways(CellPass cell) {
    NodeId self = cell.node.self();
    String held =
        cell.seen.snapshot().stream()
            .flatMap(snapshot -> snapshot.gateways().entrySet().stream())
            .filter(other -> !other.getKey().equals(cell.gateway()))
            .filter(other ->
                other
                    .getValue()
                    .custody()
                    .value()
                    .filter(custody -> custody.node().equals(self))
                    .isPresent())
            .map(other -> other.getKey().value())
            .collect(Collectors.joining(", "));
    return check(
        "OTHER_GATEWAY_HELD",
        held.isEmpty(),
        "node " + self + " holds no other gateway",
        "node %s also holds %s, which the fault would hit too: hand over first"
            .formatted(self, held));
  }

  private static Optional<PreflightCheck> means(CellPass cell, DrillKind kind) {
    return switch (kind) {
      case CRASH ->
          Optional.of(
              check(
                  "CRASH_NOT_SUPERVISED",
                  cell.settings.drill().crashSupervised(),
                  "a service manager starts this daemon again",
                  "nothing is known to start this daemon again when it is killed: run it under"
                      + " systemd"));
      case PARTITION ->
          Optional.of(
              check(
                  "PARTITION_NOT_POSSIBLE",
                  cell.settings.drill().partitionPossible(),
                  "this node can be cut off from the tunnel for a while",
                  "this node has no means to be cut off from the tunnel: configure tunnel-socket,"
                      + " and install the unit behind it"));
      case SWITCHOVER, GATEWAY_CRASH, LOGIN_ONLY -> Optional.empty();
    };
  }

  // ---- what would be done

  /** In order, one sentence each. */
  static ImmutableList<String> steps(CellPass cell, DrillPlan plan) {
    String self = "node " + cell.node.self();
    String other =
        plan.target().or(cell::readyElsewhere).map(node -> "node " + node).orElse("a standby");
    ImmutableList.Builder<String> steps = ImmutableList.builder();
    switch (plan.kind()) {
      case SWITCHOVER ->
          steps.add(
              self + " shuts its gate, logs out and leaves the election", other + " takes over");
      case CRASH ->
          steps.add(
              self + " kills its own process group, gateway program included",
              other + " takes over when the coordination session of " + self + " has ended",
              "the service manager starts " + self + " again, as a standby");
      case PARTITION ->
          steps.add(
              self
                  + " is cut off from the tunnel for at most "
                  + DrillFault.cut(cell).toSeconds()
                  + " s",
              self + " stops its gateway before its lease ends",
              other + " takes over when the coordination session of " + self + " has ended",
              self + " returns as a standby");
      case GATEWAY_CRASH ->
          steps.add(
              self + " kills its gateway program",
              self + " starts it again and logs in, or hands over to " + other);
      case LOGIN_ONLY -> steps.add(self + " shuts its gate and logs out", self + " logs in again");
    }
    steps.add("positions are compared, and the gate opens");
    if (plan.fallBack()) {
      steps.add("where another node leads then, it hands over to " + self + " again");
    }
    steps.add(
        "the drill ends with a verdict, or as failed after "
            + patience(cell, plan).toSeconds()
            + " s");
    return steps.build();
  }
}
