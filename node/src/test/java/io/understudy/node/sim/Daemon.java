package io.understudy.node.sim;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.NodeDecider;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Lease;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.core.peers.GatewaySight;
import io.understudy.node.core.peers.PeerReport;
import io.understudy.node.loop.EpochGuard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One life of a daemon: the real decision core, with the loop, the guard and the lanes around it
 * played.
 */
final class Daemon {
  /** What a pass costs for each cell, several times as much as on a quiet machine. */
  private static final long PASS_OF_A_CELL = World.MILLI / 50;

  /** When a renewal was sent, by the machine's clock, and how long that had stood still by then. */
  private record Renewal(long sentAt, long slept) {}

  private static final long NEVER = Long.MIN_VALUE / 2;

  private final World world;
  private final Chance chance;
  private final Cluster cluster;
  private final Machine machine;
  private final NodeSettings settings;
  private final EpochGuard guard;
  private final Client client;
  private final Edges edges;
  private final List<Observation> mailbox = new ArrayList<>();
  private final Map<Long, Consumer<CommandAnswer>> commands = new LinkedHashMap<>();
  private final Map<Long, Consumer<Optional<String>>> relinquishments = new LinkedHashMap<>();
  private boolean alive = true;
  private Observations seen;
  private NodeState state;
  private NodeRecord self;
  private long lastPassAt;
  private long deciding;
  private long passes;

  /** In a row, without news, each of which wanted the next one at once. */
  private int passesAtOnce;

  private long passAt = Long.MAX_VALUE;
  private long calls;
  private long lastValidLease;
  private long leaseEnd = NEVER;
  private Optional<SessionId> leaseSession = Optional.empty();

  /** Of the renewals that went out since the one from which the lease counts. */
  private final ArrayDeque<Renewal> renewals = new ArrayDeque<>();

  Daemon(World world, Cluster cluster, Machine machine, NodeSettings settings) {
    this.world = world;
    this.cluster = cluster;
    this.machine = machine;
    this.settings = settings;
    chance = machine.chance();
    guard = new EpochGuard(machine::monotonic);
    Now now = machine.now();
    seen = Observations.none(now.monotonic());
    state = NodeState.initial(settings, now);
    self = NodeDecider.decide(settings, seen, state, now).self();
    lastValidLease = world.now();
    edges = new Edges(world, cluster, this);
    client = new Client(world, cluster.ensemble(), this, settings.lease().sessionTimeout());
    world.note(() -> id() + " starts as " + settings.instance());
    passWithin(0);
  }

  NodeId id() {
    return machine.id();
  }

  Machine machine() {
    return machine;
  }

  NodeSettings settings() {
    return settings;
  }

  Client client() {
    return client;
  }

  Edges edges() {
    return edges;
  }

  boolean alive() {
    return alive;
  }

  NodeRecord self() {
    return self;
  }

  NodeRecord.CellRecord cell(GatewayId gateway) {
    return self.cell(gateway).orElseThrow();
  }

  /** What it says when it is probed. */
  PeerReport report() {
    ImmutableList.Builder<GatewaySight> gateways = ImmutableList.builder();
    for (NodeRecord.CellRecord cell : self.cells()) {
      Optional<GatewayRecords> records =
          seen.snapshot().map(snapshot -> snapshot.gateways().get(cell.gateway()));
      gateways.add(
          new GatewaySight(
              cell.gateway(),
              records.flatMap(all -> all.election().elected()),
              records.flatMap(all -> all.claim().value()).map(Claim::epoch).orElse(Epoch.NONE),
              cell.phase().entitled() ? cell.epoch() : Epoch.NONE));
    }
    return new PeerReport(
        Optional.of(self.instance()), self.version(), seen.connected(), gateways.build());
  }

  /** Later in this life; postponed while the process is frozen. */
  void later(long nanos, Runnable action) {
    world.after(
        nanos,
        () -> {
          if (alive) {
            machine.run(() -> {
              if (alive) {
                action.run();
              }
            });
          }
        });
  }

  // ---- the loop

  void observe(Observation observation) {
    if (alive) {
      mailbox.add(observation);
      passWithin(chance.of(0.02) ? chance.millis(0, 60) : chance.millis(0.02, 1));
    }
  }

  /** A pass over very many cells takes its time, during which observations wait. */
  private long busy() {
    return Math.max(0, lastPassAt + settings.cells().size() * PASS_OF_A_CELL - world.now());
  }

  private void passWithin(long soon) {
    long nanos = Math.max(soon, busy());
    long at = world.now() + nanos;
    if (at < passAt) {
      passAt = at;
      later(
          nanos,
          () -> {
            if (world.now() >= passAt) {
              passAt = Long.MAX_VALUE;
              pass();
            }
          });
    }
  }

  private void pass() {
    lastPassAt = world.now();
    Now now = machine.now();
    boolean news = !mailbox.isEmpty();
    for (Observation observation : mailbox) {
      seen = seen.with(observation, now);
    }
    mailbox.clear();
    long begun = System.nanoTime();
    Decision decision = NodeDecider.decide(settings, seen, state, now);
    deciding += System.nanoTime() - begun;
    passes++;
    passesAtOnce = news || CoreJudge.wantsToRest(decision, now) ? 0 : passesAtOnce + 1;
    Judge judge = cluster.judge();
    judge.decided(this, decision);
    judge.core().mustComeToRest(id(), passesAtOnce);
    judge.core().decided(id(), settings, seen, state, now, decision);
    state = decision.next();
    seen = seen.after(decision);
    self = decision.self();
    publish();
    for (Decision.Transition transition : decision.transitions()) {
      world.note(() ->
          id()
              + " "
              + transition.gateway()
              + " "
              + transition.from()
              + " -> "
              + transition.to()
              + " on "
              + transition.signal()
              + " epoch "
              + transition.epoch()
              + " "
              + transition.reason());
      cluster.coverage().taken(transition.from(), transition.signal());
      cluster.transitioned(machine);
    }
    for (Effect effect : decision.effects()) {
      if (alive) {
        carryOut(effect);
      }
    }
    if (alive) {
      passWithin(Math.max(0, machine.until(decision.wakeAt())) + chance.millis(0, 0.2));
    }
  }

  /** Real milliseconds that a pass of the core took on average. */
  double passMillis() {
    return deciding / 1e6 / Math.max(1, passes);
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.AnswerCommand answer ->
          Optional.ofNullable(commands.remove(answer.call()))
              .ifPresent(waiting -> waiting.accept(answer.answer()));
      case Effect.AnswerRelinquish answer ->
          Optional.ofNullable(relinquishments.remove(answer.call()))
              .ifPresent(waiting -> waiting.accept(answer.refusal()));
      case Effect.Exit _ -> exit();
      default -> edges.carryOut(effect);
    }
  }

  // ---- the guard

  private void publish() {
    Optional<MonotonicTime> end = seen.lease().flatMap(lease -> lease.end(settings.lease()));
    guard.publish(end, self);
    leaseSession = seen.lease().map(Lease::session);
    leaseEnd = end.map(MonotonicTime::nanos).orElse(NEVER);
    Optional<MonotonicTime> counted = seen.lease().flatMap(Lease::previousSent);
    if (counted.isPresent()) {
      long from = counted.orElseThrow().nanos();
      while (!renewals.isEmpty() && renewals.getFirst().sentAt() < from) {
        renewals.removeFirst();
      }
    }
  }

  /** Remembers how long the machine had slept when this renewal went out. */
  void renewalSent(MonotonicTime sentAt) {
    renewals.addLast(new Renewal(sentAt.nanos(), machine.slept()));
  }

  boolean leaseSessionLives() {
    Ensemble.Session session = client.session();
    return leaseSession
        .filter(id -> session.id.equals(id) ? session.alive : cluster.ensemble().alive(id))
        .isPresent();
  }

  /** A lease is known, whether it runs or is over. */
  boolean hadLease() {
    return leaseEnd != NEVER;
  }

  boolean leaseRuns() {
    return machine.nanos() < leaseEnd;
  }

  /**
   * Whether the lease would still run if the clock had not stood still while the machine slept. No
   * program can know that; until the next renewal is answered the lease is late by the pause.
   */
  boolean leaseRunsInTrueTime() {
    long slept = machine.slept();
    long late = slept == 0 || renewals.isEmpty() ? 0 : slept - renewals.getFirst().slept();
    return machine.nanos() < leaseEnd - late;
  }

  void finish(EffectId id, boolean succeeded) {
    observe(new Observation.EffectFinished(id, succeeded, succeeded ? "" : "simulated failure"));
  }

  /** As the loop's guard answers at this instant. */
  boolean permits(GatewayId gateway, Epoch epoch) {
    return guard.permits(gateway, epoch);
  }

  /** True time of the last instant at which the lease is known to have run. */
  long lastValidLease() {
    if (leaseRuns()) {
      lastValidLease = world.now();
    }
    return lastValidLease;
  }

  // ---- calls from outside

  long command(Command command, Consumer<CommandAnswer> answer) {
    long call = ++calls;
    commands.put(call, answer);
    observe(new Observation.CommandReceived(call, command));
    return call;
  }

  /** A peer's call; the answer is empty when this node has stopped, else the refusal. */
  void relinquish(NodeId from, GatewayId gateway, Epoch epoch, Consumer<Optional<String>> answer) {
    long call = ++calls;
    relinquishments.put(
        call,
        refusal -> {
          if (refusal.isEmpty()) {
            cluster.judge().relinquished(this, gateway, epoch);
          }
          answer.accept(refusal);
        });
    observe(new Observation.RelinquishRequested(call, from, gateway, epoch));
  }

  // ---- the end

  private void exit() {
    world.note(() -> id() + " exits");
    cluster.judge().exited(this);
    alive = false;
    client.close();
    machine.programs().values().forEach(GatewayProgram::end);
    machine.daemon(Optional.empty());
  }

  /** Killed: the gateway programs go on. */
  void die() {
    checkState(alive);
    world.note(() -> id() + " daemon died");
    alive = false;
    client.die();
    machine.daemon(Optional.empty());
  }

  ImmutableSortedMap<GatewayId, Phase> phases() {
    ImmutableSortedMap.Builder<GatewayId, Phase> all = ImmutableSortedMap.naturalOrder();
    self.cells().forEach(cell -> all.put(cell.gateway(), cell.phase()));
    return all.buildOrThrow();
  }
}
