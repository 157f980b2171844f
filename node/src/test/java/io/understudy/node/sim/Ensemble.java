package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GatewayRecords.Versioned;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * ZooKeeper, as honest about sessions as the reference: only the ensemble's leader expires them, T
 * (rounded up to a tick) after the last touch that reached it; a touch reaches it with the next
 * learner ping, half a tick later at most; while there is no quorum nothing expires, and a new
 * leader gives every session a full T.
 */
final class Ensemble {
  private static final Duration TICK = Duration.ofMillis(500);

  /** A coordination session as the ensemble knows it. */
  static final class Session {
    final SessionId id;
    final NodeId node;
    boolean alive = true;
    private long expiresAt;

    /** Requests of one session are carried out in the order in which they were sent. */
    long lastArrival;

    Session(SessionId id, NodeId node) {
      this.id = id;
      this.node = node;
    }
  }

  private record Ticket(String name, NodeId node, Session session) {}

  private record Registered(NodeRecord record, Session session) {}

  /** A gateway's records. */
  private static final class Store {
    final List<Ticket> tickets = new ArrayList<>();
    final Map<Epoch, Session> claimants = new HashMap<>();
    Versioned<Optional<Claim>> claim = new Versioned<>(Optional.empty(), 0);
    Versioned<Optional<Custody>> custody = new Versioned<>(Optional.empty(), 0);
    Versioned<LoginLedger> ledger = new Versioned<>(LoginLedger.EMPTY, 0);
    Versioned<Directives> directives = new Versioned<>(Directives.NONE, 0);
  }

  private final World world;
  private final Judge judge;
  private final long timeout;
  private final Map<GatewayId, Store> stores = new LinkedHashMap<>();
  private final Map<NodeId, Registered> nodes = new TreeMap<>();
  private final List<Session> sessions = new ArrayList<>();
  private final List<Runnable> watchers = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private boolean quorum = true;
  private long sessionNumbers = 0x1000;
  private int ticketNumbers;

  Ensemble(World world, Judge judge, Duration sessionTimeout, List<GatewayId> gateways) {
    this.world = world;
    this.judge = judge;
    this.timeout = sessionTimeout.toNanos();
    gateways.forEach(gateway -> stores.put(gateway, new Store()));
  }

  boolean quorum() {
    return quorum;
  }

  void loseQuorum() {
    quorum = false;
    world.note(() -> "ensemble lost its quorum");
  }

  /** A new leader: every session begins a full T, and what was held is carried out. */
  void regainQuorum() {
    quorum = true;
    world.note(() -> "ensemble has a quorum again");
    sessions.stream().filter(s -> s.alive).forEach(this::prolong);
    List<Runnable> waiting = List.copyOf(held);
    held.clear();
    waiting.forEach(Runnable::run);
  }

  /** Kept until there is a quorum again. */
  void hold(Runnable request) {
    held.add(request);
  }

  // ---- sessions

  Session open(NodeId node) {
    Session session = new Session(new SessionId(sessionNumbers++), node);
    sessions.add(session);
    prolong(session);
    world.note(() -> "session " + session.id + " opened for " + node);
    return session;
  }

  /** A server heard from the session; the ensemble's leader learns it with the next ping. */
  void heard(Session session, Supplier<Link> link) {
    world.after(
        world.between(0, TICK.toNanos() / 2),
        () -> {
          if (session.alive && quorum && link.get() != Link.ISOLATED_SERVER) {
            prolong(session);
          }
        });
  }

  private void prolong(Session session) {
    long tick = TICK.toNanos();
    long at = (world.now() + timeout + tick - 1) / tick * tick;
    if (at > session.expiresAt) {
      session.expiresAt = at;
      world.at(at, () -> expireIfDue(session));
    }
  }

  private void expireIfDue(Session session) {
    if (session.alive && quorum && world.now() >= session.expiresAt) {
      world.note(() -> "session " + session.id + " of " + session.node + " expired");
      end(session);
    }
  }

  /** Ends the session: its entries vanish. */
  void end(Session session) {
    if (!session.alive) {
      return;
    }
    session.alive = false;
    sessions.remove(session);
    stores.values().forEach(store -> store.tickets.removeIf(t -> t.session == session));
    nodes.values().removeIf(registered -> registered.session == session);
    changed();
  }

  void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  private void changed() {
    watchers.forEach(Runnable::run);
  }

  // ---- requests; each is carried out at one instant

  SessionId register(Session session, NodeRecord record) {
    Registered before = nodes.put(record.node(), new Registered(record, session));
    if (before == null || !before.record.cells().equals(record.cells())) {
      changed();
    }
    return session.id;
  }

  CoordinationSnapshot read(Session session) {
    ImmutableMap.Builder<NodeId, NodeRecord> records = ImmutableMap.builder();
    nodes.forEach((node, registered) -> records.put(node, registered.record));
    ImmutableMap.Builder<GatewayId, GatewayRecords> gateways = ImmutableMap.builder();
    stores.forEach((gateway, store) ->
        gateways.put(
            gateway,
            new GatewayRecords(
                view(store, session), store.claim, store.custody, store.ledger, store.directives)));
    return new CoordinationSnapshot(records.buildOrThrow(), gateways.buildOrThrow());
  }

  private static ElectionView view(Store store, Session session) {
    Optional<Ticket> own = store.tickets.stream().filter(t -> t.session == session).findFirst();
    return new ElectionView(
        store.tickets.stream().map(Ticket::node).collect(ImmutableList.toImmutableList()),
        own.map(ticket -> new ElectionTicket(ticket.name)),
        own.isPresent() && store.tickets.getFirst().equals(own.orElseThrow()));
  }

  boolean join(Session session, GatewayId gateway) {
    List<Ticket> tickets = store(gateway).tickets;
    if (tickets.stream().noneMatch(t -> t.session == session)) {
      tickets.add(new Ticket("n-%010d".formatted(ticketNumbers++), session.node, session));
      changed();
    }
    return true;
  }

  boolean leave(Session session, GatewayId gateway) {
    if (store(gateway).tickets.removeIf(t -> t.session == session)) {
      judge.left(session.node, gateway);
      changed();
    }
    return true;
  }

  void loseTicket(GatewayId gateway) {
    if (!store(gateway).tickets.isEmpty()) {
      store(gateway).tickets.removeFirst();
      changed();
    }
  }

  GuardedWrite.Result write(Session session, GuardedWrite write) {
    Store store = store(write.gateway());
    boolean stands = store.tickets.stream().anyMatch(t -> t.name.equals(write.ticket().name()));
    boolean unchanged =
        write.conditions().stream().allMatch(c -> version(store, c.name()) == c.version())
            && write.updates().stream().allMatch(u -> version(store, name(u)) == u.version());
    if (!stands || !unchanged) {
      return GuardedWrite.Result.REFUSED;
    }
    GatewayRecords before = records(write.gateway(), session);
    write.updates().forEach(update -> apply(store, update));
    store.claim.value().ifPresent(c -> store.claimants.putIfAbsent(c.epoch(), session));
    judge.written(session.node, write, before, records(write.gateway(), session));
    changed();
    return GuardedWrite.Result.COMMITTED;
  }

  private static GuardedWrite.RecordName name(GuardedWrite.Update update) {
    return switch (update) {
      case GuardedWrite.ClaimUpdate _ -> GuardedWrite.RecordName.CLAIM;
      case GuardedWrite.CustodyUpdate _ -> GuardedWrite.RecordName.CUSTODY;
      case GuardedWrite.LedgerUpdate _ -> GuardedWrite.RecordName.LEDGER;
      case GuardedWrite.DirectivesUpdate _ -> GuardedWrite.RecordName.DIRECTIVES;
    };
  }

  private static int version(Store store, GuardedWrite.RecordName name) {
    return switch (name) {
      case CLAIM -> store.claim.version();
      case CUSTODY -> store.custody.version();
      case LEDGER -> store.ledger.version();
      case DIRECTIVES -> store.directives.version();
    };
  }

  private static void apply(Store store, GuardedWrite.Update update) {
    int version = update.version() + 1;
    switch (update) {
      case GuardedWrite.ClaimUpdate claim ->
          store.claim = new Versioned<>(Optional.of(claim.claim()), version);
      case GuardedWrite.CustodyUpdate custody ->
          store.custody = new Versioned<>(custody.custody(), version);
      case GuardedWrite.LedgerUpdate ledger ->
          store.ledger = new Versioned<>(ledger.ledger(), version);
      case GuardedWrite.DirectivesUpdate directives ->
          store.directives = new Versioned<>(directives.directives(), version);
    }
  }

  private Store store(GatewayId gateway) {
    return Optional.ofNullable(stores.get(gateway)).orElseThrow();
  }

  // ---- what the judge may know

  private GatewayRecords records(GatewayId gateway, Session session) {
    Store store = store(gateway);
    return new GatewayRecords(
        view(store, session), store.claim, store.custody, store.ledger, store.directives);
  }

  boolean alive(SessionId id) {
    return sessions.stream().anyMatch(session -> session.id.equals(id));
  }

  Optional<Claim> claim(GatewayId gateway) {
    return store(gateway).claim.value();
  }

  Optional<Custody> custody(GatewayId gateway) {
    return store(gateway).custody.value();
  }

  Directives directives(GatewayId gateway) {
    return store(gateway).directives.value();
  }

  LoginLedger ledger(GatewayId gateway) {
    return store(gateway).ledger.value();
  }

  /** Whether the session in which that epoch was claimed has not ended yet. */
  boolean claimantLives(GatewayId gateway, Epoch epoch) {
    return Optional.ofNullable(store(gateway).claimants.get(epoch))
        .filter(s -> s.alive)
        .isPresent();
  }
}
