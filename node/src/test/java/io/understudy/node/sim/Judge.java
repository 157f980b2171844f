package io.understudy.node.sim;

import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.positions.ReconciliationReport;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sees everything at every instant, and says when a promise is broken. */
final class Judge {
  /** A pass, a lane and a fence: what stopping may take once nothing stands in its way. */
  private static final long STOP_MAX = 700 * World.MILLI;

  /** A late pass. */
  private static final long PASS_MAX = 350 * World.MILLI;

  /** What was seen of one cell in one life of its daemon. */
  static final class Notes {
    private Optional<Epoch> reconciled = Optional.empty();
    private @Nullable Long dirtySince;

    private void dirty(long now) {
      dirtySince = dirtySince == null ? Long.valueOf(now) : dirtySince;
    }
  }

  private record Place(Daemon daemon, GatewayId gateway) {}

  private final World world;
  private final Cluster cluster;
  private final Map<GatewayId, Integer> failures = new HashMap<>();
  private final Map<GatewayId, Long> haltedAt = new HashMap<>();
  private final Map<Place, Epoch> stoppedFor = new HashMap<>();
  private boolean ticketsGetLost;
  private long passes;
  private long logins;
  private long excused;
  private final Tally checks = new Tally();
  private final DrillJudge drills;
  private final CoreJudge core = new CoreJudge(checks);
  private final RecordJudge records;

  Judge(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
    drills = new DrillJudge(cluster, this);
    records = new RecordJudge(world, cluster, this);
  }

  DrillJudge drills() {
    return drills;
  }

  CoreJudge core() {
    return core;
  }

  RecordJudge records() {
    return records;
  }

  long passes() {
    return passes;
  }

  long logins() {
    return logins;
  }

  /** How often each promise was looked at. */
  Tally checks() {
    return checks;
  }

  /** Moments in which a lease was late because the machine's clock had stood still. */
  long excused() {
    return excused;
  }

  void looks(Promise promise) {
    checks.add(promise, 1);
  }

  // ---- passes

  void decided(Daemon daemon, Decision decision) {
    passes++;
    for (Decision.Transition transition : decision.transitions()) {
      switch (transition.signal()) {
        case FENCED -> mustBeFenced(daemon, transition.gateway());
        case CEDED -> mustBeStopped(daemon.id(), transition.gateway(), "CEDED was decided");
        default -> {}
      }
    }
  }

  // ---- coordination

  void left(NodeId node, GatewayId gateway) {
    mustBeStopped(node, gateway, "the election was left");
  }

  private void mustBeFenced(Daemon daemon, GatewayId gateway) {
    looks(Promise.SELF_FENCE);
    if (daemon.machine().program(gateway).ours()) {
      throw new PromiseBroken(
          Promise.SELF_FENCE, daemon.id() + " believes that " + gateway + " is fenced: it acts");
    }
  }

  void mustBeStopped(NodeId node, GatewayId gateway, String when) {
    looks(Promise.STOP_BEFORE_RELEASE);
    Machine machine = cluster.machine(node);
    boolean relayOpen = machine.daemon().flatMap(d -> d.edges().relayOpen(gateway)).isPresent();
    if (machine.program(gateway).ours() || relayOpen) {
      String acts = relayOpen ? "'s relay is open" : " is logged in";
      throw new PromiseBroken(
          Promise.STOP_BEFORE_RELEASE,
          when + " by " + node + " while its gateway " + gateway + acts);
    }
  }

  void relinquished(Daemon daemon, GatewayId gateway, Epoch epoch) {
    looks(Promise.FENCE_BEFORE_START);
    boolean open = daemon.edges().relayOpen(gateway).isPresent();
    if (daemon.machine().program(gateway).ours() || open) {
      throw new PromiseBroken(
          Promise.FENCE_BEFORE_START, daemon.id() + " confirms a stop that did not happen");
    }
    stoppedFor.merge(new Place(daemon, gateway), epoch, (a, b) -> a.isAfter(b) ? a : b);
  }

  /** Whether that node has confirmed to the claimant of that epoch that it has stopped. */
  boolean answered(NodeId former, GatewayId gateway, Epoch epoch) {
    return stoppedFor.entrySet().stream()
        .anyMatch(e ->
            e.getKey().gateway().equals(gateway)
                && e.getKey().daemon().id().equals(former)
                && e.getValue().equals(epoch));
  }

  /** An operator has ended the count of failures. */
  void unlocked(GatewayId gateway) {
    failures.put(gateway, 0);
  }

  void exited(Daemon daemon) {
    for (GatewayId gateway : daemon.machine().programs().keySet()) {
      mustBeStopped(daemon.id(), gateway, "the daemon exited");
    }
  }

  // ---- the gateway

  /** Credentials, a code, or a wish to take the brokerage session again leave the node. */
  void submission(Daemon daemon, GatewayId gateway, Epoch epoch) {
    logins++;
    world.note(() -> daemon.id() + " submits to " + gateway + " in epoch " + epoch);
    daemon.edges().cell(gateway).notes.dirty(world.now());
    if (!daemon.leaseRunsInTrueTime()) {
      excused(daemon, "submits to " + gateway);
      return;
    }
    looks(Promise.NO_STALE_EFFECT);
    looks(Promise.SINGLE_SESSION);
    Optional<Epoch> highest = cluster.ensemble().claim(gateway).map(Claim::epoch);
    if (stale(gateway, epoch)) {
      throw new PromiseBroken(
          Promise.NO_STALE_EFFECT,
          daemon.id() + " submits in epoch " + epoch + ", the highest is " + highest);
    }
    boolean custody =
        cluster
            .ensemble()
            .custody(gateway)
            .filter(c -> c.node().equals(daemon.id()) && c.epoch().equals(epoch))
            .isPresent();
    if (!custody) {
      throw new PromiseBroken(
          Promise.FENCE_BEFORE_START, daemon.id() + " submits without custody of " + gateway);
    }
    for (Machine other : cluster.machines()) {
      if (other.daemon().isPresent() && other != daemon.machine()) {
        mustBeOut(other.daemon().orElseThrow(), gateway, daemon);
      }
    }
  }

  /** A gateway that a former life logged in does not count: that life's session has ended. */
  private static void mustBeOut(Daemon other, GatewayId gateway, Daemon submitter) {
    if (!other.leaseRunsInTrueTime()) {
      return;
    }
    boolean entitled = other.permits(gateway, other.cell(gateway).epoch());
    boolean loggedIn = other.machine().program(gateway).loggedInBy(other) && other.leaseRuns();
    if (entitled || loggedIn) {
      throw new PromiseBroken(
          Promise.SINGLE_SESSION,
          submitter.id()
              + " submits to "
              + gateway
              + " while "
              + other.id()
              + (entitled ? " is entitled" : " is logged in and its lease runs"));
    }
  }

  /**
   * What no program can avoid: its clock stood still with the whole machine, so it cannot know that
   * its lease has ended. Only a guard that would have refused with a true clock is excused.
   */
  private void excused(Daemon daemon, String deed) {
    if (!daemon.leaseRuns()) {
      throw new PromiseBroken(Promise.SELF_FENCE, daemon.id() + " " + deed + " without a lease");
    }
    excused++;
    world.note(() -> daemon.id() + " " + deed + " because its clock stood still");
  }

  void attempted(GatewayId gateway) {
    looks(Promise.LOGIN_BUDGET);
    if (failures.getOrDefault(gateway, 0) >= cluster.cell(gateway).failuresMax()) {
      throw new PromiseBroken(
          Promise.LOGIN_BUDGET, "credentials of " + gateway + " submitted beyond the budget");
    }
  }

  void refused(GatewayId gateway) {
    failures.merge(gateway, 1, Integer::sum);
  }

  void succeeded(GatewayId gateway) {
    failures.put(gateway, 0);
  }

  void code(Daemon daemon, Username username, TotpStep step) {
    looks(Promise.ONE_CODE_PER_STEP);
    if (username.wasUsed(step)) {
      throw new PromiseBroken(
          Promise.ONE_CODE_PER_STEP, daemon.id() + " submits the code of " + step + " again");
    }
    boolean onRecord =
        cluster
            .ensemble()
            .ledger(username.gateway)
            .lastStep()
            .filter(last -> last.compareTo(step) >= 0)
            .isPresent();
    if (!onRecord) {
      throw new PromiseBroken(
          Promise.ONE_CODE_PER_STEP, daemon.id() + " submits a code whose step is not on record");
    }
  }

  void compared(
      Daemon daemon, GatewayId gateway, Epoch epoch, Optional<ReconciliationReport> report) {
    Notes notes = daemon.edges().cell(gateway).notes;
    if (report.filter(ReconciliationReport::clean).isPresent()) {
      notes.reconciled = Optional.of(epoch);
      notes.dirtySince = null;
    } else if (report.isPresent()) {
      notes.dirty(world.now());
    }
  }

  /**
   * Entries of the election are deleted in this run. The successor claims while the former holder
   * still acts; until that has stopped, custody keeps the successor from acting.
   */
  void ticketsGetLost() {
    ticketsGetLost = true;
  }

  private boolean stale(GatewayId gateway, Epoch epoch) {
    if (cluster.ensemble().claim(gateway).filter(c -> c.epoch().equals(epoch)).isPresent()) {
      return false;
    }
    boolean custody =
        cluster.ensemble().custody(gateway).filter(c -> c.epoch().equals(epoch)).isPresent();
    return !(ticketsGetLost && custody);
  }

  void halted(GatewayId gateway) {
    haltedAt.putIfAbsent(gateway, world.now());
  }

  // ---- after every event

  void check() {
    for (Machine machine : cluster.machines()) {
      if (machine.daemon().isPresent()) {
        check(machine, machine.daemon().orElseThrow());
      }
    }
  }

  private void check(Machine machine, Daemon daemon) {
    looks(Promise.SELF_FENCE);
    leaseWithinSession(daemon);
    if (machine.frozen()) {
      return;
    }
    long lastValid = Math.max(daemon.lastValidLease(), machine.thawedAt);
    long over = world.now() - lastValid;
    boolean late = over > STOP_MAX && !machine.fencesFail;
    if (over > 0) {
      selfFencingHasBegun(machine, daemon);
    }
    for (Edges.Cell cell : daemon.edges().cells()) {
      if (daemon.edges().forwards(cell)) {
        passes(daemon, cell, cell.relayOpen.orElseThrow());
      }
      if (late && cell.program.ours()) {
        throw new PromiseBroken(
            Promise.SELF_FENCE, daemon.id() + " has no lease and its gateway is still logged in");
      }
    }
  }

  /** Long enough before the lease's end that it is over by then. */
  private void selfFencingHasBegun(Machine machine, Daemon daemon) {
    long lead = cluster.lease().selfFenceLead().toNanos();
    boolean couldHave = daemon.lastValidLease() - machine.thawedAt > Math.min(lead, PASS_MAX);
    if (!couldHave || !daemon.hadLease()) {
      return;
    }
    for (NodeRecord.CellRecord cell : daemon.self().cells()) {
      if (cell.phase().mayAct()) {
        throw new PromiseBroken(
            Promise.SELF_FENCE,
            daemon.id() + " is " + cell.phase() + " and has not begun to fence itself");
      }
    }
  }

  /** What all of the above rests on: a lease has ended before its session can expire. */
  private void leaseWithinSession(Daemon daemon) {
    if (daemon.leaseRunsInTrueTime() && !daemon.leaseSessionLives()) {
      throw new PromiseBroken(
          Promise.SELF_FENCE, "the lease of " + daemon.id() + " outlives its session");
    }
  }

  /** A client's byte would pass at this instant. */
  private void passes(Daemon daemon, Edges.Cell cell, Epoch epoch) {
    GatewayId gateway = cell.gateway;
    looks(Promise.GATE_AFTER_RECONCILE);
    if (!daemon.leaseRunsInTrueTime()) {
      excused(daemon, "lets a byte of " + gateway + " pass");
      return;
    }
    looks(Promise.NO_STALE_EFFECT);
    if (stale(gateway, epoch)) {
      throw new PromiseBroken(
          Promise.NO_STALE_EFFECT,
          "a byte passes at "
              + daemon.id()
              + " in epoch "
              + epoch
              + ", the highest is "
              + cluster.ensemble().claim(gateway).map(Claim::epoch));
    }
    if (cell.notes.reconciled.filter(epoch::equals).isEmpty()) {
      throw new PromiseBroken(
          Promise.GATE_AFTER_RECONCILE, "a byte passes at " + daemon.id() + " unreconciled");
    }
    long thawedAt = daemon.machine().thawedAt;
    if (tooLate(cell.notes.dirtySince, thawedAt)) {
      throw new PromiseBroken(
          Promise.GATE_AFTER_RECONCILE, "a byte passes at " + daemon.id() + " while they differ");
    }
    if (!haltedAt.isEmpty()) {
      passesWhileHalted(daemon, gateway);
    }
  }

  private void passesWhileHalted(Daemon daemon, GatewayId gateway) {
    if (!cluster.ensemble().directives(gateway).tradingHalted()) {
      haltedAt.remove(gateway);
    }
    if (tooLate(haltedAt.get(gateway), daemon.machine().thawedAt)) {
      throw new PromiseBroken(
          Promise.GATE_AFTER_RECONCILE, "a byte passes at " + daemon.id() + " while halted");
    }
  }

  private boolean tooLate(@Nullable Long since, long thawedAt) {
    return since != null && world.now() - Math.max(since, thawedAt) > STOP_MAX;
  }
}
