package io.understudy.node.sim;

import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.NodeDecider;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives.CompletedRequest;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.positions.ReconciliationReport;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sees everything at every instant, and says when a promise is broken. */
final class Judge {
  /** A pass, a lane and a fence: what stopping may take once nothing stands in its way. */
  private static final long STOP_MAX = 700 * World.MILLI;

  private record Place(Daemon daemon, GatewayId gateway) {}

  private final World world;
  private final Cluster cluster;
  private final Map<GatewayId, Integer> failures = new HashMap<>();
  private final Map<GatewayId, Long> haltedAt = new HashMap<>();
  private final Map<Place, Epoch> reconciled = new HashMap<>();
  private final Map<Place, Epoch> stoppedFor = new HashMap<>();
  private final Map<Place, Long> dirtySince = new HashMap<>();
  private boolean ticketsGetLost;
  private long passes;
  private long logins;

  Judge(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  private static PromiseBroken broken(String promise, String sentence) {
    return new PromiseBroken(promise, sentence);
  }

  long passes() {
    return passes;
  }

  long logins() {
    return logins;
  }

  // ---- the core is a function

  void decided(
      Daemon daemon,
      NodeSettings settings,
      Observations seen,
      NodeState state,
      Now now,
      Decision decision) {
    passes++;
    if (passes % 4 != 0) {
      return;
    }
    if (!NodeDecider.decide(settings, seen, state, now).equals(decision)) {
      throw broken("Purity", daemon.id() + " decided differently on the same input");
    }
    Decision again = NodeDecider.decide(settings, seen.after(decision), decision.next(), now);
    Set<String> asked = new HashSet<>();
    decision.effects().stream().filter(Judge::guarded).forEach(e -> asked.add(kind(e)));
    again.effects().stream()
        .filter(Judge::guarded)
        .filter(e -> asked.contains(kind(e)))
        .findFirst()
        .ifPresent(e -> {
          throw broken("LevelDriven", daemon.id() + " asks again for " + e);
        });
  }

  private static boolean guarded(Effect effect) {
    return switch (effect) {
      case Effect.Write _,
          Effect.Login _,
          Effect.GrantCode _,
          Effect.ReopenSession _,
          Effect.OpenRelay _,
          Effect.RenewLease _,
          Effect.StartGateway _ ->
          true;
      default -> false;
    };
  }

  private static String kind(Effect effect) {
    return switch (effect) {
      case Effect.Write write ->
          "Write "
              + write.write().gateway()
              + write.write().updates().stream().map(u -> u.getClass().getSimpleName()).toList();
      case Effect.Login login -> "Login " + login.gateway();
      case Effect.GrantCode grant -> "GrantCode " + grant.gateway();
      case Effect.ReopenSession reopen -> "ReopenSession " + reopen.gateway();
      case Effect.OpenRelay open -> "OpenRelay " + open.gateway();
      case Effect.StartGateway start -> "StartGateway " + start.gateway();
      default -> effect.getClass().getSimpleName();
    };
  }

  // ---- coordination

  void written(NodeId node, GuardedWrite write, GatewayRecords before, GatewayRecords after) {
    for (GuardedWrite.Update update : write.updates()) {
      switch (update) {
        case GuardedWrite.ClaimUpdate claim -> claimed(node, before, claim.claim());
        case GuardedWrite.CustodyUpdate custody ->
            custody(node, write.gateway(), before, after, custody.custody());
        case GuardedWrite.LedgerUpdate ledger ->
            ledger(node, write, before, after, ledger.ledger());
        case GuardedWrite.DirectivesUpdate directives ->
            directives(write.gateway(), directives.directives().completed());
      }
    }
  }

  private static void claimed(NodeId node, GatewayRecords before, Claim claim) {
    Epoch highest = before.claim().value().map(Claim::epoch).orElse(Epoch.NONE);
    if (!claim.epoch().isAfter(highest) || !claim.node().equals(node)) {
      throw broken("MonotonicEpoch", node + " claims " + claim.epoch() + " after " + highest);
    }
  }

  private void custody(
      NodeId node,
      GatewayId gateway,
      GatewayRecords before,
      GatewayRecords after,
      Optional<Custody> custody) {
    Epoch epoch = holder(after, node, "custody");
    if (custody.isEmpty()) {
      mustBeStopped(node, gateway, "custody was cleared");
      return;
    }
    if (!custody.orElseThrow().epoch().equals(epoch)) {
      throw broken("NoStaleEffect", node + " takes custody in an epoch that is not the highest");
    }
    Optional<Custody> former =
        before
            .custody()
            .value()
            .filter(c -> !c.node().equals(node))
            .filter(c -> cluster.ensemble().claimantLives(gateway, c.epoch()))
            .filter(c -> !answered(c.node(), gateway, epoch));
    if (former.isPresent()) {
      throw broken(
          "FenceBeforeStart",
          node + " takes custody of " + gateway + " while " + former + " has not stopped");
    }
  }

  private boolean answered(NodeId former, GatewayId gateway, Epoch epoch) {
    return stoppedFor.entrySet().stream()
        .anyMatch(e ->
            e.getKey().gateway().equals(gateway)
                && e.getKey().daemon().id().equals(former)
                && e.getValue().equals(epoch));
  }

  private static Epoch holder(GatewayRecords after, NodeId node, String what) {
    Claim claim =
        after
            .claim()
            .value()
            .orElseThrow(() -> broken("NoStaleEffect", node + " writes " + what + " unclaimed"));
    if (!claim.node().equals(node)) {
      throw broken("NoStaleEffect", node + " writes " + what + " in the epoch of another");
    }
    return claim.epoch();
  }

  private void ledger(
      NodeId node,
      GuardedWrite write,
      GatewayRecords before,
      GatewayRecords after,
      LoginLedger ledger) {
    if (isUnlock(before, after)) {
      failures.put(write.gateway(), 0);
      return;
    }
    Epoch epoch = holder(after, node, "the ledger");
    LoginLedger old = before.ledger().value();
    ImmutableSet<LoginAttempt> known = ImmutableSet.copyOf(old.attempts());
    for (LoginAttempt attempt : ledger.attempts()) {
      boolean permit = old.attempt(attempt.id()).isEmpty();
      if (permit && old.failuresInRow() >= cluster.cell(write.gateway()).failuresMax()) {
        throw broken("LoginBudget", node + " writes a permit although the budget is spent");
      }
      if (!known.contains(attempt) && !attempt.epoch().equals(epoch)) {
        throw broken("NoStaleEffect", node + " writes an attempt of epoch " + attempt.epoch());
      }
    }
    boolean back =
        old.lastStep()
            .filter(s -> ledger.lastStep().filter(n -> n.compareTo(s) >= 0).isEmpty())
            .isPresent();
    if (back) {
      throw broken("OneCodePerStep", node + " takes the last step back");
    }
  }

  private static boolean isUnlock(GatewayRecords before, GatewayRecords after) {
    int old = before.directives().value().completed().size();
    List<CompletedRequest> completed = after.directives().value().completed();
    return before.directives().version() != after.directives().version()
        && (completed.size() > old || old > 0)
        && completed.getLast().command().equals("unlock");
  }

  private static void directives(GatewayId gateway, List<CompletedRequest> completed) {
    long distinct = completed.stream().map(CompletedRequest::requestId).distinct().count();
    if (distinct != completed.size()) {
      throw broken("RequestOnce", gateway + " carried out one request twice: " + completed);
    }
  }

  void left(NodeId node, GatewayId gateway) {
    boolean holds =
        cluster.ensemble().custody(gateway).filter(c -> c.node().equals(node)).isPresent();
    if (holds) {
      mustBeStopped(node, gateway, "it left the election");
    }
  }

  private void mustBeStopped(NodeId node, GatewayId gateway, String when) {
    Machine machine = cluster.machine(node);
    boolean relayOpen = machine.daemon().flatMap(d -> d.edges().relayOpen(gateway)).isPresent();
    if (machine.program(gateway).ours() || relayOpen) {
      throw broken(
          "StopBeforeRelease", when + " by " + node + " while its gateway " + gateway + " acts");
    }
  }

  void relinquished(Daemon daemon, GatewayId gateway, Epoch epoch) {
    boolean open = daemon.edges().relayOpen(gateway).isPresent();
    if (daemon.machine().program(gateway).ours() || open) {
      throw broken("FenceBeforeStart", daemon.id() + " confirms a stop that did not happen");
    }
    stoppedFor.merge(new Place(daemon, gateway), epoch, (a, b) -> a.isAfter(b) ? a : b);
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
    Place place = new Place(daemon, gateway);
    dirtySince.putIfAbsent(place, world.now());
    Optional<Epoch> highest = cluster.ensemble().claim(gateway).map(Claim::epoch);
    if (stale(gateway, epoch)) {
      throw broken(
          "NoStaleEffect",
          daemon.id() + " submits in epoch " + epoch + ", the highest is " + highest);
    }
    boolean custody =
        cluster
            .ensemble()
            .custody(gateway)
            .filter(c -> c.node().equals(daemon.id()) && c.epoch().equals(epoch))
            .isPresent();
    if (!custody) {
      throw broken("FenceBeforeStart", daemon.id() + " submits without custody of " + gateway);
    }
    for (Machine other : cluster.machines()) {
      if (other.daemon().isPresent() && other != daemon.machine()) {
        mustBeOut(other.daemon().orElseThrow(), gateway, daemon);
      }
    }
  }

  private static void mustBeOut(Daemon other, GatewayId gateway, Daemon submitter) {
    boolean entitled = other.permits(gateway, other.cell(gateway).epoch());
    boolean loggedIn = other.machine().program(gateway).ours() && other.leaseRuns();
    if (entitled || loggedIn) {
      throw broken(
          "SingleSession",
          submitter.id()
              + " submits to "
              + gateway
              + " while "
              + other.id()
              + (entitled ? " is entitled" : " is logged in and its lease runs"));
    }
  }

  void attempted(GatewayId gateway) {
    if (failures.getOrDefault(gateway, 0) >= cluster.cell(gateway).failuresMax()) {
      throw broken("LoginBudget", "credentials of " + gateway + " submitted beyond the budget");
    }
  }

  void refused(GatewayId gateway) {
    failures.merge(gateway, 1, Integer::sum);
  }

  void succeeded(GatewayId gateway) {
    failures.put(gateway, 0);
  }

  void code(Daemon daemon, Username username, TotpStep step) {
    if (username.wasUsed(step)) {
      throw broken("OneCodePerStep", daemon.id() + " submits the code of " + step + " again");
    }
  }

  void compared(
      Daemon daemon, GatewayId gateway, Epoch epoch, Optional<ReconciliationReport> report) {
    Place place = new Place(daemon, gateway);
    if (report.filter(ReconciliationReport::clean).isPresent()) {
      reconciled.put(place, epoch);
      dirtySince.remove(place);
    } else if (report.isPresent()) {
      dirtySince.putIfAbsent(place, world.now());
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
    boolean highest =
        cluster.ensemble().claim(gateway).filter(c -> c.epoch().equals(epoch)).isPresent();
    boolean custody =
        cluster.ensemble().custody(gateway).filter(c -> c.epoch().equals(epoch)).isPresent();
    return !highest && !(ticketsGetLost && custody);
  }

  void halted(GatewayId gateway) {
    haltedAt.putIfAbsent(gateway, world.now());
  }

  // ---- after every event

  void check() {
    for (Machine machine : cluster.machines()) {
      machine.daemon().ifPresent(this::leaseWithinSession);
      if (machine.daemon().isPresent() && !machine.frozen()) {
        Daemon daemon = machine.daemon().orElseThrow();
        long lastValid = Math.max(daemon.lastValidLease(), machine.thawedAt);
        for (GatewayId gateway : machine.programs().keySet()) {
          daemon
              .edges()
              .relayOpen(gateway)
              .filter(epoch -> daemon.permits(gateway, epoch))
              .ifPresent(epoch -> passes(daemon, gateway, epoch));
          boolean late = world.now() - lastValid > STOP_MAX && !machine.fencesFail;
          if (late && machine.program(gateway).ours()) {
            throw broken(
                "SelfFence", daemon.id() + " has no lease and its gateway is still logged in");
          }
        }
      }
    }
  }

  /** What all of the above rests on: a lease has ended before its session can expire. */
  private void leaseWithinSession(Daemon daemon) {
    boolean gone = daemon.leaseSession().filter(cluster.ensemble()::alive).isEmpty();
    if (gone && daemon.leaseRuns()) {
      throw broken("SelfFence", "the lease of " + daemon.id() + " outlives its session");
    }
  }

  /** A client's byte would pass at this instant. */
  private void passes(Daemon daemon, GatewayId gateway, Epoch epoch) {
    Optional<Epoch> highest = cluster.ensemble().claim(gateway).map(Claim::epoch);
    if (stale(gateway, epoch)) {
      throw broken(
          "NoStaleEffect",
          "a byte passes at " + daemon.id() + " in epoch " + epoch + ", the highest is " + highest);
    }
    Place place = new Place(daemon, gateway);
    if (!epoch.equals(reconciled.get(place))) {
      throw broken("GateAfterReconcile", "a byte passes at " + daemon.id() + " unreconciled");
    }
    long thawedAt = daemon.machine().thawedAt;
    if (tooLate(dirtySince.get(place), thawedAt)) {
      throw broken("GateAfterReconcile", "a byte passes at " + daemon.id() + " while they differ");
    }
    if (!cluster.ensemble().directives(gateway).tradingHalted()) {
      haltedAt.remove(gateway);
    }
    if (tooLate(haltedAt.get(gateway), thawedAt)) {
      throw broken("GateAfterReconcile", "a byte passes at " + daemon.id() + " while halted");
    }
  }

  private boolean tooLate(@Nullable Long since, long thawedAt) {
    return since != null && world.now() - Math.max(since, thawedAt) > STOP_MAX;
  }
}
