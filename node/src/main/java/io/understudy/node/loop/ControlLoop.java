package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.NodeDecider;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.CoordinationServers;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Journal;
import io.understudy.node.spi.LeaseGuard;
import io.understudy.node.spi.PeerClient;
import io.understudy.node.spi.Secret;
import io.understudy.node.spi.Tunnels;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns all state: take what was seen, fold it, decide once, publish the guard,
 * hand out the effects.
 *
 * <p>A bug (any unchecked exception in a pass) ends it: every relay is shut and every gateway
 * fenced, then {@link #run} returns {@link End#BUG}. Being stopped is safe, being wrong is not.
 */
public final class ControlLoop implements NodeControl, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlLoop.class);

  /** Why the loop has ended. */
  public enum End {
    /** Asked to stop, and everything was given up in good order. */
    STOPPED,
    /**
     * Asked to stop, and the deadline passed before everything was confirmed; gateways were fenced.
     */
    STOPPED_BY_FORCE,
    /** A bug; gateways were fenced. */
    BUG
  }

  /**
   * The longest rest between two passes: the status tells of clocks, the watchdog waits for signs
   * of life, and a wall clock may be stepped.
   */
  private static final Duration PASS_PAUSE_MAX = Duration.ofMillis(250);

  private final String cluster;
  private final NodeSettings settings;
  private final CoordinationDriver coordination;
  private final Journal journal;
  private final Clocks clocks;
  private final Mailbox mailbox = new Mailbox();
  private final Calls calls = new Calls();
  private final EpochGuard guard;
  private final EffectRunner effects;
  private final ServerWatch servers;
  private final Map<GatewayId, String> loginProgress = new ConcurrentHashMap<>();
  private final CopyOnWriteArrayList<Consumer<NodeStatus>> listeners = new CopyOnWriteArrayList<>();
  private final Duration stopTimeout;
  private Observations seen;
  private NodeState state;
  private ImmutableList<Observation> folded = ImmutableList.of();
  private long passes;
  private Duration lastPass = Duration.ZERO;
  private volatile NodeStatus status;
  private volatile boolean fenced;

  /**
   * Makes the loop; nothing runs before {@link #run}.
   *
   * @param drivers makes the cells' edges, which ask the given guard before anything guarded
   * @param stopTimeout how long a stop in good order may take
   */
  public ControlLoop(
      String cluster,
      NodeSettings settings,
      CoordinationDriver coordination,
      Watching watching,
      CellDriversFactory drivers,
      Journal journal,
      Duration stopTimeout) {
    this.cluster = cluster;
    this.settings = settings;
    this.coordination = coordination;
    this.journal = journal;
    this.stopTimeout = stopTimeout;
    clocks = new Clocks(InstantSource.system());
    guard = new EpochGuard(clocks::monotonic);
    ImmutableMap.Builder<GatewayId, CellLanes> lanes = ImmutableMap.builder();
    for (CellDrivers cell : drivers.make(guard)) {
      lanes.put(
          cell.id(),
          new CellLanes(
              cell, watching.peers(), guard, clocks, mailbox, line -> progress(cell.id(), line)));
    }
    effects =
        new EffectRunner(
            coordination,
            lanes.buildOrThrow(),
            new PeerLanes(watching.peers(), watching.tunnels(), clocks, mailbox),
            mailbox,
            clocks,
            calls);
    servers = new ServerWatch(watching.servers(), clocks::monotonic);
    Now now = clocks.now();
    seen = Observations.none(now.monotonic());
    state = NodeState.initial(settings, now);
    journal.begin(settings, now);
    status = shown(self(), now);
  }

  /** What a node sees of the others besides what coordination says of them. */
  public record Watching(PeerClient peers, Tunnels tunnels, CoordinationServers servers) {}

  /** Makes the edges of all cells around the guard that the loop owns. */
  @FunctionalInterface
  public interface CellDriversFactory {
    ImmutableList<CellDrivers> make(LeaseGuard guard);
  }

  private int failuresMax() {
    return settings.cells().stream().mapToInt(cell -> cell.failuresMax()).max().orElse(0);
  }

  /** This node's record as a process that has just begun would write it. */
  public NodeRecord self() {
    Now now = clocks.now();
    return NodeDecider.decide(
            settings, Observations.none(now.monotonic()), NodeState.initial(settings, now), now)
        .self();
  }

  /** What the coordination driver tells. */
  public CoordinationDriver.Listener listener() {
    return new CoordinationDriver.Listener() {
      @Override
      public void connectionChanged(CoordinationDriver.Connection connection) {
        mailbox.post(
            switch (connection) {
              case CONNECTED -> new Observation.Connected();
              case SUSPENDED -> new Observation.Suspended();
              case EXPIRED -> new Observation.SessionExpired();
            });
      }

      @Override
      public void changed() {
        mailbox.post(new Observation.CoordinationChanged());
      }
    };
  }

  /**
   * Runs passes until the daemon was asked to stop and has stopped, or until a bug. Call once, on
   * the thread of the loop.
   */
  public End run() {
    End end = End.BUG;
    servers.start();
    try {
      end = passes();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("Stopped by a bug, all gateways are being fenced", e);
    }
    fenced = effects.fenceEverything();
    calls.end();
    return end;
  }

  private End passes() throws InterruptedException {
    Now now = clocks.now();
    Optional<MonotonicTime> stoppingSince = Optional.empty();
    while (true) {
      Decision decision = pass(now);
      if (decision.effects().stream().anyMatch(Effect.Exit.class::isInstance)) {
        return End.STOPPED;
      }
      ImmutableList<Observation> observed = await(decision.wakeAt());
      now = clocks.now();
      fold(observed, now);
      if (seen.stopRequested()) {
        stoppingSince = Optional.of(stoppingSince.orElse(now.monotonic()));
        if (now.monotonic().since(stoppingSince.orElseThrow()).compareTo(stopTimeout) > 0) {
          log.warn("Did not stop in good order in time timeout={}", stopTimeout);
          return End.STOPPED_BY_FORCE;
        }
      }
    }
  }

  private ImmutableList<Observation> await(MonotonicTime wakeAt) throws InterruptedException {
    MonotonicTime now = clocks.monotonic();
    MonotonicTime latest = now.plus(PASS_PAUSE_MAX);
    return mailbox.take(now, wakeAt.isBefore(latest) ? wakeAt : latest);
  }

  private void fold(ImmutableList<Observation> observed, Now now) {
    for (Observation observation : observed) {
      seen = seen.with(observation, now);
    }
    folded = observed;
  }

  private Decision decide(Now now) {
    Decision decision;
    try {
      decision = NodeDecider.decide(settings, seen, state, now);
    } catch (RuntimeException bug) {
      journal.failed(now, folded, bug);
      throw bug;
    }
    journal.pass(now, folded, decision);
    return decision;
  }

  private Decision pass(Now now) {
    Decision decision = decide(now);
    state = decision.next();
    seen = seen.after(decision);
    guard.publish(seen.lease().flatMap(lease -> lease.end(settings.lease())), decision.self());
    decision.transitions().forEach(ControlLoop::tell);
    effects.about(decision.transitions());
    decision.effects().forEach(effects::run);
    publish(decision, now);
    lastPass = clocks.monotonic().since(now.monotonic());
    return decision;
  }

  private static void tell(Decision.Transition transition) {
    log.info(
        "Changed phase gateway={} from={} to={} epoch={} reason={} sentence=\"{}\"",
        transition.gateway(),
        transition.from(),
        transition.to(),
        transition.epoch(),
        transition.reason().code(),
        transition.reason().sentence());
  }

  private void publish(Decision decision, Now now) {
    passes++;
    NodeStatus before = status;
    NodeStatus next = shown(decision.self(), now);
    status = next;
    PeerLog.tell(before.peers(), next.peers());
    for (Consumer<NodeStatus> listener : listeners) {
      listener.accept(next);
    }
  }

  private NodeStatus shown(NodeRecord self, Now now) {
    return StatusView.of(
        cluster,
        seen,
        state,
        self,
        loginProgress,
        servers.latest(),
        failuresMax(),
        lastPass,
        passes,
        now);
  }

  private void progress(GatewayId gateway, String line) {
    if (line.isEmpty()) {
      loginProgress.remove(gateway);
    } else {
      loginProgress.put(gateway, line);
    }
  }

  /** Asks the loop to give everything up in good order and to end. Any thread. */
  public void stop() {
    mailbox.post(new Observation.StopRequested());
  }

  /**
   * Whether the loop has ended and every gateway is surely stopped: only then may the coordination
   * session be closed, since its end lets another node log in. Any thread.
   */
  public boolean fenced() {
    return fenced;
  }

  @Override
  public NodeStatus status() {
    return status;
  }

  @Override
  public Subscription subscribe(Consumer<NodeStatus> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public CompletableFuture<CommandAnswer> submit(Command command) {
    long call = calls.number();
    CompletableFuture<CommandAnswer> answer = calls.command(call);
    mailbox.post(new Observation.CommandReceived(call, command));
    return answer;
  }

  @Override
  public boolean provideCode(GatewayId gateway, Secret code) {
    if (!status.codeRequested().containsKey(gateway)) {
      return false;
    }
    effects.provideCode(gateway, code);
    return true;
  }

  @Override
  public CompletableFuture<Epoch> relinquish(NodeId from, GatewayId gateway, Epoch epoch) {
    long call = calls.number();
    CompletableFuture<Epoch> answer = calls.relinquishment(call);
    mailbox.post(new Observation.RelinquishRequested(call, from, gateway, epoch));
    return answer;
  }

  @Override
  public ImmutableList<HistoryEntry> history(GatewayId gateway, int limit) throws DriverException {
    return coordination.history(gateway, limit);
  }

  @Override
  public ImmutableList<Drill> pastDrills(GatewayId gateway, int limit) throws DriverException {
    return coordination.pastDrills(gateway, limit);
  }

  @Override
  public void close() {
    servers.close();
    effects.close();
    journal.close();
  }
}
