package io.understudy.node.sim;

import io.understudy.node.core.failover.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One daemon's client of the ensemble: finds out late that it is cut off, fails what was in flight
 * (which may have been carried out, or may be yet), and reconnects with the same session or, when
 * that has expired, with a new one.
 */
final class Client {
  private static final Duration NEAR = Duration.ofMillis(3);
  private static final Duration FAR = Duration.ofMillis(300);

  private static final class Pending {
    boolean over;
    final Runnable fail;

    Pending(Runnable fail) {
      this.fail = fail;
    }
  }

  private final World world;
  private final Ensemble ensemble;
  private final Daemon daemon;
  private final long sessionTimeout;
  private final Runnable watcher = this::notified;
  private final List<Pending> pending = new ArrayList<>();
  private Ensemble.Session session;
  private boolean connected;
  private int generation;

  Client(World world, Ensemble ensemble, Daemon daemon, Duration sessionTimeout) {
    this.world = world;
    this.ensemble = ensemble;
    this.daemon = daemon;
    this.sessionTimeout = sessionTimeout.toNanos();
    session = ensemble.open(daemon.machine().id());
    ensemble.watch(watcher);
    connected();
    ping();
    attend();
  }

  Ensemble.Session session() {
    return session;
  }

  boolean isConnected() {
    return connected;
  }

  private Link link() {
    return daemon.machine().link();
  }

  private void connected() {
    connected = true;
    ensemble.heard(session, this::link);
    daemon.observe(new Observation.Connected());
  }

  /** The process died: its server entries live on until the session expires. */
  void die() {
    ensemble.unwatch(watcher);
  }

  /** Closes the session in good order. */
  void close() {
    ensemble.unwatch(watcher);
    if (connected && link() == Link.UP && ensemble.quorum()) {
      ensemble.end(session);
    }
  }

  // ---- the connection

  private void ping() {
    daemon.later(
        sessionTimeout / 3,
        () -> {
          if (connected && link() != Link.CUT) {
            ensemble.heard(session, this::link);
          }
          ping();
        });
  }

  /** Notices, sooner or later, what has become of the link and of the session. */
  private void attend() {
    long pause = world.millis(20, 200);
    daemon.later(
        pause,
        () -> {
          if (!connected) {
            if (reachable() && world.chance(0.3)) {
              reconnect();
            }
          } else if (link() == Link.UP && !session.alive) {
            suspend();
          } else if (!reachable() && world.chance(2.0 * pause / sessionTimeout)) {
            suspend();
          }
          attend();
        });
  }

  private boolean reachable() {
    return link() == Link.UP && ensemble.quorum();
  }

  /** The connection breaks; the server may be reached again at once. */
  void reset() {
    if (connected) {
      suspend();
    }
  }

  private void suspend() {
    connected = false;
    generation++;
    daemon.observe(new Observation.Suspended());
    List<Pending> lost = List.copyOf(pending);
    pending.clear();
    for (Pending call : lost) {
      daemon.later(world.millis(0, 20), () -> end(call, call.fail));
    }
  }

  private void reconnect() {
    if (!session.alive) {
      daemon.observe(new Observation.SessionExpired());
      session = ensemble.open(daemon.machine().id());
    }
    connected();
  }

  private void notified() {
    if (connected && link() == Link.UP) {
      daemon.later(
          world.delay(NEAR, FAR),
          () -> {
            if (connected) {
              daemon.observe(new Observation.CoordinationChanged());
            }
          });
    }
  }

  // ---- calls

  /**
   * Calls the ensemble. {@code done} gets nothing when no answer came in time: the request may have
   * been carried out, may be carried out yet, or may be lost.
   */
  <R> void call(Function<Ensemble.Session, R> request, Consumer<Optional<R>> done) {
    if (!connected) {
      daemon.later(world.millis(0, 200), () -> done.accept(Optional.empty()));
      return;
    }
    Ensemble.Session under = session;
    int connection = generation;
    Pending call = new Pending(() -> done.accept(Optional.empty()));
    pending.add(call);
    daemon.later(sessionTimeout / 3, () -> end(call, call.fail));
    long arrival = Math.max(world.now() + world.delay(NEAR, FAR), under.lastArrival + 1);
    under.lastArrival = arrival;
    world.at(arrival, () -> arrived(under, connection, call, request, done));
  }

  private <R> void arrived(
      Ensemble.Session under,
      int connection,
      Pending call,
      Function<Ensemble.Session, R> request,
      Consumer<Optional<R>> done) {
    if (link() == Link.CUT) {
      return;
    }
    ensemble.heard(under, this::link);
    if (link() == Link.ISOLATED_SERVER || !ensemble.quorum()) {
      if (world.chance(0.5)) {
        ensemble.hold(() -> {
          if (generation == connection) {
            carryOut(under, connection, call, request, done);
          }
        });
      }
      return;
    }
    carryOut(under, connection, call, request, done);
  }

  private <R> void carryOut(
      Ensemble.Session under,
      int connection,
      Pending call,
      Function<Ensemble.Session, R> request,
      Consumer<Optional<R>> done) {
    if (!under.alive) {
      return;
    }
    R result = request.apply(under);
    daemon.later(
        world.delay(NEAR, FAR),
        () -> {
          if (generation == connection && link() != Link.CUT) {
            end(call, () -> done.accept(Optional.of(result)));
          }
        });
  }

  private void end(Pending call, Runnable how) {
    if (!call.over) {
      call.over = true;
      pending.remove(call);
      how.run();
    }
  }
}
