package io.understudy.node.sim;

import io.understudy.node.core.failover.Observation;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One daemon's client of the ensemble: finds out late that it is cut off, fails what was in flight
 * (which may have been carried out, or may be yet), and reconnects with the same session or, when
 * that has expired, with a new one.
 */
final class Client implements Ensemble.Watcher {
  private static final class Pending {
    boolean over;

    /** Its server has got the request, which is a sign of life of the session. */
    boolean heard;

    /** It was on its way to the ensemble's leader. */
    boolean forwarded;

    final long givenUpAt;
    final Runnable fail;

    Pending(long givenUpAt, Runnable fail) {
      this.givenUpAt = givenUpAt;
      this.fail = fail;
    }
  }

  /** A request on its way. */
  private record Request<P, R>(
      long sentAt,
      Ensemble.Session under,
      int connection,
      Pending call,
      Function<Ensemble.Session, P> begin,
      BiFunction<Ensemble.Session, P, R> end,
      boolean twoTrips,
      Consumer<Optional<R>> done) {}

  /** Four ticks, and a fifth until the server has noticed. */
  private static final long SYNC_MAX = 2_500 * World.MILLI;

  private final World world;
  private final Chance chance;
  private final Ensemble ensemble;
  private final Daemon daemon;
  private final Machine machine;
  private final long sessionTimeout;
  private final List<Pending> pending = new ArrayList<>();

  /**
   * Requests of this connection that are held up on their way to the ensemble's leader, and those
   * behind them: each leg of the way is one connection, which keeps their order.
   */
  private final ArrayDeque<Request<?, ?>> heldUp = new ArrayDeque<>();

  private boolean pushing;

  /** The last connection of which something was dropped: what is behind it is dropped too. */
  private int broken = -1;

  private Ensemble.Session session;
  private boolean connected;
  private boolean attending;
  private long troubledSince;
  private int generation;
  private boolean alarmed;

  Client(World world, Ensemble ensemble, Daemon daemon, Duration sessionTimeout) {
    this.world = world;
    this.ensemble = ensemble;
    this.daemon = daemon;
    this.sessionTimeout = sessionTimeout.toNanos();
    machine = daemon.machine();
    chance = machine.chance();
    session = ensemble.open(machine.id());
    ensemble.watch(this);
    connected();
    ping();
    troubled();
  }

  Ensemble.Session session() {
    return session;
  }

  private Link link() {
    return machine.link();
  }

  private void connected() {
    connected = true;
    ensemble.heard(session, machine);
    daemon.observe(new Observation.Connected());
  }

  /** The process died: its server entries live on until the session expires. */
  void die() {
    ensemble.unwatch(this);
    heldUp.removeIf(request -> !request.call().heard);
    world.after(SYNC_MAX, this::forgetHeldUp);
  }

  /** Closes the session in good order. */
  void close() {
    ensemble.unwatch(this);
    if (connected && reachable()) {
      ensemble.end(session);
    }
  }

  // ---- the connection

  private void ping() {
    daemon.later(
        sessionTimeout / 3,
        () -> {
          if (connected && link().sends()) {
            ensemble.heard(session, machine);
          }
          ping();
        });
  }

  /** Something is wrong with the link, the session or the ensemble: is noticed sooner or later. */
  @Override
  public void troubled() {
    if (!attending && !healthy()) {
      attending = true;
      troubledSince = world.now();
      attend();
    }
  }

  private boolean healthy() {
    return connected && reachable() && session.alive;
  }

  private void attend() {
    long pause = chance.millis(20, 200);
    daemon.later(
        pause,
        () -> {
          if (!connected) {
            if (reachable() && chance.of(0.3)) {
              reconnect();
            }
          } else if (link() == Link.UP && !session.alive) {
            suspend();
          } else if (!reachable()
              && (chance.of(2.0 * pause / sessionTimeout) || silentForTooLong())) {
            suspend();
          }
          if (healthy()) {
            attending = false;
          } else {
            attend();
          }
        });
  }

  /** The client's read timeout; or the server gives up the ensemble's leader, and its clients. */
  private boolean silentForTooLong() {
    long patience =
        link() == Link.UP || link() == Link.ISOLATED_SERVER ? SYNC_MAX : 2 * sessionTimeout / 3;
    return world.now() - troubledSince > patience;
  }

  private boolean reachable() {
    return link() == Link.UP && ensemble.quorum();
  }

  /** The connection breaks; the server may be reached again at once. */
  void reset() {
    if (connected) {
      suspend();
      troubled();
    }
  }

  private void suspend() {
    connected = false;
    generation++;
    forgetHeldUp();
    daemon.observe(new Observation.Suspended());
    List<Pending> lost = List.copyOf(pending);
    pending.clear();
    for (Pending call : lost) {
      daemon.later(chance.millis(0, 20), () -> end(call, call.fail));
    }
  }

  private void reconnect() {
    if (!session.alive) {
      daemon.observe(new Observation.SessionExpired());
      session = ensemble.open(machine.id());
    } else {
      ensemble.revalidate(session);
    }
    connected();
  }

  /** A watch fires; it comes when it comes. */
  @Override
  public void changed() {
    if (connected && link().hears()) {
      daemon.later(
          chance.of(0.01) ? chance.millis(0, 3_000) : machine.travel(),
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
    send(request, (_, result) -> result, false, done);
  }

  /** A call in two round trips, between which others may write. */
  <P, R> void call(
      Function<Ensemble.Session, P> begin,
      BiFunction<Ensemble.Session, P, R> end,
      Consumer<Optional<R>> done) {
    send(begin, end, chance.of(0.2), done);
  }

  private <P, R> void send(
      Function<Ensemble.Session, P> begin,
      BiFunction<Ensemble.Session, P, R> end,
      boolean twoTrips,
      Consumer<Optional<R>> done) {
    if (!connected) {
      daemon.later(chance.millis(0, 200), () -> done.accept(Optional.empty()));
      return;
    }
    Pending call =
        new Pending(world.now() + sessionTimeout / 3, () -> done.accept(Optional.empty()));
    pending.add(call);
    awaitEndOfPatience();
    long arrival = Math.max(world.now() + machine.request(), session.lastArrival + 1);
    session.lastArrival = arrival;
    Request<P, R> request =
        new Request<>(world.now(), session, generation, call, begin, end, twoTrips, done);
    world.at(arrival, () -> arrived(request));
  }

  private void arrived(Request<?, ?> request) {
    if (generation == request.connection()) {
      heldUp.addLast(request);
      if (!pushing) {
        push();
      }
    } else if (request.connection() > broken && goesOn(request)) {
      carryOut(request);
    } else {
      broken = Math.max(broken, request.connection());
    }
  }

  /** Carries out what gets through, in order; tries the rest again until the connection ends. */
  private void push() {
    while (!heldUp.isEmpty() && goesOn(heldUp.getFirst())) {
      carryOut(heldUp.removeFirst());
    }
    pushing = !heldUp.isEmpty();
    if (pushing) {
      int connection = generation;
      world.after(
          chance.millis(20, 800),
          () -> {
            if (generation == connection) {
              push();
            }
          });
    }
  }

  /** Whether it gets to its server, and from there to the ensemble's leader. */
  private boolean goesOn(Request<?, ?> request) {
    Pending call = request.call();
    if (link().sends() && !call.heard) {
      call.heard = true;
      ensemble.heard(request.under(), machine);
    }
    call.forwarded |= link().sends() && link() != Link.ISOLATED_SERVER;
    return link().sends() && link() != Link.ISOLATED_SERVER && ensemble.quorum();
  }

  /** Some were on their way when there was no quorum: the next leader may find them in its log. */
  private void forgetHeldUp() {
    while (!ensemble.quorum()
        && !heldUp.isEmpty()
        && heldUp.getFirst().call().forwarded
        && chance.of(0.5)) {
      Request<?, ?> proposed = heldUp.removeFirst();
      ensemble.hold(() -> carryOut(proposed));
    }
    if (!heldUp.isEmpty()) {
      broken = heldUp.getFirst().connection();
    }
    heldUp.clear();
    pushing = false;
  }

  private <P, R> void carryOut(Request<P, R> request) {
    if (!request.under().alive) {
      return;
    }
    ensemble.forwarded(request.under(), request.sentAt());
    P first = request.begin().apply(request.under());
    if (!request.twoTrips()) {
      answer(request, request.end().apply(request.under(), first));
      return;
    }
    world.after(
        2 * machine.travel(),
        () -> {
          if (request.under().alive && reachable() && generation == request.connection()) {
            answer(request, request.end().apply(request.under(), first));
          }
        });
  }

  private <P, R> void answer(Request<P, R> request, R result) {
    long carriedOutAt = world.now();
    daemon.later(
        machine.answer(),
        () -> {
          if (generation == request.connection() && link().hears()) {
            ensemble.answers(request.under(), machine, carriedOutAt);
            end(request.call(), () -> request.done().accept(Optional.of(result)));
          }
        });
  }

  /** All calls get the same time, so the first one's is over first: one alarm is enough. */
  private void awaitEndOfPatience() {
    if (alarmed || pending.isEmpty()) {
      return;
    }
    alarmed = true;
    long until = pending.getFirst().givenUpAt;
    daemon.later(
        until - world.now(),
        () -> {
          alarmed = false;
          // Later ones have their turn behind what a frozen process finds first when it thaws.
          while (!pending.isEmpty() && pending.getFirst().givenUpAt <= until) {
            Pending late = pending.getFirst();
            end(late, late.fail);
          }
          awaitEndOfPatience();
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
