package io.understudy.node.sim;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.core.drill.LastDrill;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GatewayRecords.Versioned;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * ZooKeeper, as honest about sessions as the reference: only the ensemble's leader expires them, T
 * (rounded up to a tick) after the last touch that reached it; while there is no quorum nothing
 * expires, and a new leader gives every session a full T.
 *
 * <p>Touches travel with learner pings: the leader sends one every half tick, and the server's
 * answer carries whom it has heard until then. Ping and answer may each be slow, or be held up by a
 * cut; but each direction is one connection that keeps its order. So a ping comes before the
 * outcome of whatever was committed after it, and its answer comes before every request that the
 * server forwards later.
 */
final class Ensemble {
  private static final long TICK = 500 * World.MILLI;

  /** How long a ping or its answer is held up at most; by then the server's clients have left. */
  private static final long GIVEN_UP = 3_000 * World.MILLI;

  /** Somebody whose connection depends on the ensemble. */
  interface Watcher {
    /** A record or an entry has changed. */
    void changed();

    /** The quorum, or somebody's session, is gone. */
    void troubled();
  }

  /** A coordination session as the ensemble knows it. */
  static final class Session {
    final SessionId id;
    final NodeId node;
    boolean alive = true;
    private long expiresAt;
    private boolean expiryAwaited;

    /** Its server heard from it, and has not told yet. */
    private boolean touched;

    /** When the ensemble's leader sends the ping that will fetch the touch, until it has come. */
    private OptionalLong pingSentAt = OptionalLong.empty();

    /** When the server gave the answers, with a touch in them, that are on their way. */
    private final Deque<Long> answers = new ArrayDeque<>();

    /** Requests of one session are carried out in the order in which they were sent. */
    long lastArrival;

    Session(SessionId id, NodeId node) {
      this.id = id;
      this.node = node;
    }

    long expiresAt() {
      return expiresAt;
    }
  }

  /** What a request that was carried out was. */
  enum Kind {
    RENEWAL,
    SYNC,
    WRITE
  }

  private record Registered(NodeRecord record, Session session) {}

  /** A gateway's records. */
  private static final class Store {
    final Election election = new Election();
    final Map<Epoch, Session> claimants = new HashMap<>();
    Versioned<Optional<Claim>> claim = new Versioned<>(Optional.empty(), 0);
    Versioned<Optional<Custody>> custody = new Versioned<>(Optional.empty(), 0);
    Versioned<LoginLedger> ledger = new Versioned<>(LoginLedger.EMPTY, 0);
    Versioned<Directives> directives = new Versioned<>(Directives.NONE, 0);
    Versioned<HighWaterMarks> marks = new Versioned<>(HighWaterMarks.NONE, 0);
    Versioned<LastDrill> drill = new Versioned<>(LastDrill.NONE, 0);
  }

  private final World world;
  private final Judge judge;
  private final Chance chance;
  private final long timeout;
  private final Map<GatewayId, Store> stores = new LinkedHashMap<>();
  private final Map<NodeId, Registered> nodes = new TreeMap<>();
  private final List<Session> sessions = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private BiConsumer<Session, Kind> committed = (_, _) -> {};
  private Predicate<NodeId> lost = _ -> false;
  private boolean quorum = true;
  private long sessionNumbers = 0x1000;
  private int ticketNumbers;
  private long renewals;
  private long writes;

  Ensemble(World world, Judge judge, Duration sessionTimeout, List<GatewayId> gateways) {
    this.world = world;
    this.judge = judge;
    chance = world.chance("ensemble", 0);
    this.timeout = sessionTimeout.toNanos();
    gateways.forEach(gateway -> stores.put(gateway, new Store()));
  }

  boolean quorum() {
    return quorum;
  }

  void loseQuorum() {
    quorum = false;
    world.note(() -> "ensemble lost its quorum");
    watchers.forEach(Watcher::troubled);
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

  /** A server heard from the session. */
  void heard(Session session, Machine machine) {
    session.touched = true;
    if (session.pingSentAt.isEmpty()) {
      long sentAt = world.now() + chance.between(0, TICK / 2);
      session.pingSentAt = OptionalLong.of(sentAt);
      travel(session, machine, sentAt, () -> pingArrives(session, machine, sentAt));
    }
  }

  /** A machine's client gets the answer to what was carried out then. */
  void answers(Session session, Machine machine, long carriedOutAt) {
    if (session.pingSentAt.orElse(Long.MAX_VALUE) <= carriedOutAt) {
      pingArrives(session, machine, session.pingSentAt.orElseThrow());
    }
  }

  /** A request that the server forwarded then comes to the ensemble's leader. */
  void forwarded(Session session, long sentAt) {
    boolean touches = false;
    while (!session.answers.isEmpty() && session.answers.getFirst() <= sentAt) {
      session.answers.removeFirst();
      touches = true;
    }
    if (touches && session.alive) {
      prolong(session);
    }
  }

  private void pingArrives(Session session, Machine machine, long sentAt) {
    if (session.pingSentAt.orElse(Long.MAX_VALUE) != sentAt) {
      return;
    }
    session.pingSentAt = OptionalLong.empty();
    if (session.touched) {
      session.touched = false;
      long answeredAt = world.now();
      session.answers.add(answeredAt);
      travel(session, machine, answeredAt, () -> forwarded(session, answeredAt));
    }
  }

  /** From server to server: mostly at once, sometimes slowly, and not through a cut. */
  private void travel(Session session, Machine machine, long sentAt, Runnable arrival) {
    long slowness = machine.touchesSlow || chance.of(0.05) ? chance.millis(0, 1_000) : 0;
    world.at(sentAt + slowness, () -> arrives(session, machine, sentAt, arrival));
  }

  private void arrives(Session session, Machine machine, long sentAt, Runnable arrival) {
    if (quorum && machine.link() != Link.ISOLATED_SERVER) {
      arrival.run();
    } else if (session.alive && world.now() - sentAt < GIVEN_UP) {
      world.after(TICK / 2, () -> arrives(session, machine, sentAt, arrival));
    } else {
      session.pingSentAt = OptionalLong.empty();
      session.answers.clear();
    }
  }

  /** A client comes back with its session, which the ensemble's leader is asked about at once. */
  void revalidate(Session session) {
    prolong(session);
  }

  private void prolong(Session session) {
    session.expiresAt =
        Math.max(session.expiresAt, (world.now() + timeout + TICK - 1) / TICK * TICK);
    awaitExpiry(session);
  }

  private void awaitExpiry(Session session) {
    if (!session.expiryAwaited) {
      session.expiryAwaited = true;
      world.at(session.expiresAt, () -> expireIfDue(session));
    }
  }

  private void expireIfDue(Session session) {
    session.expiryAwaited = false;
    if (!session.alive || !quorum) {
      return;
    }
    if (world.now() < session.expiresAt) {
      awaitExpiry(session);
      return;
    }
    world.note(() -> "session " + session.id + " of " + session.node + " expired");
    end(session);
  }

  /** Ends the session: its entries vanish. */
  void end(Session session) {
    if (!session.alive) {
      return;
    }
    session.alive = false;
    sessions.remove(session);
    stores.values().forEach(store -> store.election.removeAllOf(session));
    nodes.values().removeIf(registered -> registered.session == session);
    changed();
    watchers.forEach(Watcher::troubled);
  }

  void watch(Watcher watcher) {
    watchers.add(watcher);
  }

  void unwatch(Watcher watcher) {
    watchers.remove(watcher);
  }

  /** Asked before each guarded write whether it gets lost on its way. */
  void onWrite(Predicate<NodeId> listener) {
    lost = listener;
  }

  /** Renewals of all nodes so far. */
  long renewals() {
    return renewals;
  }

  /** Guarded writes that were carried out so far. */
  long writes() {
    return writes;
  }

  /** Told of each such request that was carried out, before its answer is on its way. */
  void onCommit(BiConsumer<Session, Kind> listener) {
    committed = listener;
  }

  private void changed() {
    watchers.forEach(Watcher::changed);
  }

  // ---- requests; each is carried out at one instant

  /** Nothing while the record of a former life, whose session has not ended, has the name. */
  Optional<SessionId> register(Session session, NodeRecord record) {
    Registered before = nodes.get(record.node());
    if (before != null && before.session != session) {
      return Optional.empty();
    }
    renewals++;
    nodes.put(record.node(), new Registered(record, session));
    if (before == null || !before.record.cells().equals(record.cells())) {
      changed();
    }
    committed.accept(session, Kind.RENEWAL);
    return Optional.of(session.id);
  }

  /** Changes nothing; but nothing that its server told before can be behind it. */
  SessionId sync(Session session) {
    committed.accept(session, Kind.SYNC);
    return session.id;
  }

  /** The records of the gateways: what the first round trip of a read brings. */
  ImmutableMap<GatewayId, GatewayRecords> readRecords(Session session) {
    ImmutableMap.Builder<GatewayId, GatewayRecords> gateways = ImmutableMap.builder();
    stores.forEach((gateway, store) -> gateways.put(gateway, records(store, session)));
    return gateways.buildOrThrow();
  }

  /** The rest of the read: who stands in the elections and which nodes there are. */
  CoordinationSnapshot readEntries(
      Session session, ImmutableMap<GatewayId, GatewayRecords> before) {
    ImmutableMap.Builder<NodeId, NodeRecord> records = ImmutableMap.builder();
    nodes.forEach((node, registered) -> records.put(node, registered.record));
    ImmutableMap.Builder<GatewayId, GatewayRecords> gateways = ImmutableMap.builder();
    before.forEach((gateway, read) ->
        gateways.put(
            gateway,
            new GatewayRecords(
                store(gateway).election.view(session),
                read.claim(),
                read.custody(),
                read.ledger(),
                read.directives(),
                read.marks(),
                read.drill())));
    return new CoordinationSnapshot(records.buildOrThrow(), gateways.buildOrThrow());
  }

  boolean join(Session session, GatewayId gateway) {
    if (store(gateway).election.enter(session, "n-%010d".formatted(ticketNumbers))) {
      ticketNumbers++;
      changed();
    }
    return true;
  }

  /** What the owner does before it asks for the removal. */
  Optional<Election.Ticket> disown(Session session, GatewayId gateway) {
    return store(gateway).election.disown(session);
  }

  /** False if it was gone already. */
  boolean remove(Election.Ticket ticket, GatewayId gateway) {
    boolean removed = store(gateway).election.remove(ticket);
    if (removed) {
      judge.left(ticket.node(), gateway);
      changed();
    }
    return removed;
  }

  void loseTicket(GatewayId gateway) {
    if (store(gateway).election.removeFirst()) {
      changed();
    }
  }

  /** Its writer knows that it gave up the entry under which this is to be written. */
  boolean isDisowned(GuardedWrite write) {
    return store(write.gateway()).election.isDisowned(write.ticket());
  }

  GuardedWrite.Result write(Session session, GuardedWrite write) {
    if (lost.test(session.node)) {
      return GuardedWrite.Result.INDETERMINATE;
    }
    Store store = store(write.gateway());
    boolean stands = store.election.stands(write.ticket());
    boolean unchanged =
        write.conditions().stream().allMatch(c -> version(store, c.name()) == c.version())
            && write.updates().stream().allMatch(u -> version(store, name(u)) == u.version());
    if (!stands || !unchanged) {
      return GuardedWrite.Result.REFUSED;
    }
    GatewayRecords before = records(write.gateway(), session);
    writes++;
    write.updates().forEach(update -> apply(store, update));
    store.claim.value().ifPresent(c -> store.claimants.putIfAbsent(c.epoch(), session));
    judge.records().written(session.node, write, before, records(write.gateway(), session));
    changed();
    committed.accept(session, Kind.WRITE);
    return GuardedWrite.Result.COMMITTED;
  }

  private static GuardedWrite.RecordName name(GuardedWrite.Update update) {
    return switch (update) {
      case GuardedWrite.ClaimUpdate _ -> GuardedWrite.RecordName.CLAIM;
      case GuardedWrite.CustodyUpdate _ -> GuardedWrite.RecordName.CUSTODY;
      case GuardedWrite.LedgerUpdate _ -> GuardedWrite.RecordName.LEDGER;
      case GuardedWrite.DirectivesUpdate _ -> GuardedWrite.RecordName.DIRECTIVES;
      case GuardedWrite.MarksUpdate _ -> GuardedWrite.RecordName.MARKS;
      case GuardedWrite.DrillUpdate _ -> GuardedWrite.RecordName.DRILL;
    };
  }

  private static int version(Store store, GuardedWrite.RecordName name) {
    return switch (name) {
      case CLAIM -> store.claim.version();
      case CUSTODY -> store.custody.version();
      case LEDGER -> store.ledger.version();
      case DIRECTIVES -> store.directives.version();
      case MARKS -> store.marks.version();
      case DRILL -> store.drill.version();
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
      case GuardedWrite.MarksUpdate marks -> store.marks = new Versioned<>(marks.marks(), version);
      case GuardedWrite.DrillUpdate drill ->
          store.drill = new Versioned<>(LastDrill.of(drill.drill()), version);
    }
  }

  private Store store(GatewayId gateway) {
    return Optional.ofNullable(stores.get(gateway)).orElseThrow();
  }

  // ---- what the judge may know

  private GatewayRecords records(GatewayId gateway, Session session) {
    return records(store(gateway), session);
  }

  private static GatewayRecords records(Store store, Session session) {
    return new GatewayRecords(
        store.election.view(session),
        store.claim,
        store.custody,
        store.ledger,
        store.directives,
        store.marks,
        store.drill);
  }

  /** Whether that node is the first in the election of every gateway. */
  boolean electedEverywhere(NodeId node) {
    return stores.values().stream()
        .allMatch(store -> store.election.first().filter(node::equals).isPresent());
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

  LastDrill drill(GatewayId gateway) {
    return store(gateway).drill.value();
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
