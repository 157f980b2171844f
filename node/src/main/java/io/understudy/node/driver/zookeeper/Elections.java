package io.understudy.node.driver.zookeeper;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.curator.framework.recipes.leader.LeaderLatch;
import org.apache.curator.framework.recipes.locks.StandardLockInternalsDriver;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's places in the elections, one Curator latch each.
 *
 * <p>Curator makes, protects and removes the entries; its flag {@code hasLeadership()} is never
 * asked, because it can be right for seconds after another node leads. A place holds for one entry
 * in one session: a latch that would enter again by itself (after an expiry, or when somebody
 * deleted its entry) is closed or disregarded, and standing again takes another {@link #join}.
 */
final class Elections {
  private static final Logger LOG = LoggerFactory.getLogger(Elections.class);

  /** The part of an entry's name, as Curator makes it, that stands before the sequence number. */
  private static final String ENTRY_NAME = "latch-";

  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final EnsembleConnection connection;
  private final ClusterPaths paths;
  private final NodeId self;
  private final ConcurrentMap<GatewayId, Place> places = new ConcurrentHashMap<>();

  Elections(EnsembleConnection connection, ClusterPaths paths, NodeId self) {
    this.connection = connection;
    this.paths = paths;
    this.self = self;
  }

  /** Returns when the entry stands. */
  void join(GatewayId gateway, Deadline deadline) throws DriverException {
    CoordinationSession session = connection.session();
    if (stands(gateway, session, deadline)) {
      return;
    }
    Place place =
        new Place(new LeaderLatch(connection.curator(), paths.election(gateway), self.value()));
    Place before = places.put(gateway, place);
    if (before != null) {
      before.close();
    }
    place.open();
    try {
      place.entered = enter(gateway, place, session, deadline);
    } catch (DriverException e) {
      place.close();
      throw e;
    }
  }

  private static Entry enter(
      GatewayId gateway, Place place, CoordinationSession session, Deadline deadline)
      throws DriverException {
    String path = awaitEntry(gateway, place, deadline);
    Optional<Stat> stat =
        session.awaitOrFail(session.stat(path), deadline, "enter the election of " + gateway);
    if (stat.filter(session::owns).isEmpty()) {
      throw DriverException.transientError(
          "The session changed while entering the election of " + gateway);
    }
    return new Entry(path, session.id());
  }

  /** Returns when the entry is gone. */
  void leave(GatewayId gateway, Deadline deadline) throws DriverException {
    Place place = places.get(gateway);
    if (place == null) {
      return;
    }
    place.close();
    Entry entry = place.entered;
    if (entry != null) {
      CoordinationSession session = connection.session();
      session.awaitOrFail(
          session.delete(entry.path()), deadline, "leave the election of " + gateway);
    }
    boolean _ = places.remove(gateway, place);
  }

  /**
   * The election as read in a session. Order is by the sequence number that ZooKeeper gave; the own
   * ticket counts only while this very session owns it.
   */
  ElectionView view(
      GatewayId gateway, CoordinationSession session, ImmutableList<StoredValue> entries)
      throws DriverException {
    Optional<ElectionTicket> ticket = ticket(gateway, session.id());
    ImmutableList<StoredValue> inOrder =
        entries.stream()
            .filter(entry -> entry.name().contains(ENTRY_NAME))
            .sorted(Comparator.comparing(Elections::sequence))
            .collect(toImmutableList());
    ImmutableList.Builder<NodeId> candidates = ImmutableList.builder();
    Optional<ElectionTicket> own = Optional.empty();
    boolean ownFirst = false;
    for (StoredValue entry : inOrder) {
      if (session.owns(entry.stat())
          && ticket.filter(t -> t.name().equals(entry.name())).isPresent()) {
        own = ticket;
        ownFirst = entry.equals(inOrder.getFirst());
      }
      NodeId candidate = entry.decode(Elections::candidate);
      candidates.add(candidate);
    }
    return new ElectionView(candidates.build(), own, ownFirst);
  }

  private static NodeId candidate(byte[] bytes) {
    return new NodeId(new String(bytes, StandardCharsets.UTF_8));
  }

  private static String sequence(StoredValue entry) {
    return StandardLockInternalsDriver.standardFixForSorting(entry.name(), ENTRY_NAME);
  }

  /** The ticket of the node in this session, if it stands; whether it still exists is not asked. */
  Optional<ElectionTicket> ticket(GatewayId gateway, SessionId session) {
    Place place = places.get(gateway);
    Entry entry = place == null ? null : place.entry();
    return entry != null && entry.session().equals(session)
        ? Optional.of(new ElectionTicket(ClusterPaths.lastPart(entry.path())))
        : Optional.empty();
  }

  /** The session is over: its entries are gone, and none may be made again unasked. */
  void sessionExpired() {
    places.values().forEach(Place::close);
  }

  private boolean stands(GatewayId gateway, CoordinationSession session, Deadline deadline)
      throws DriverException {
    Optional<ElectionTicket> ticket = ticket(gateway, session.id());
    if (ticket.isEmpty()) {
      return false;
    }
    String path = paths.election(gateway) + "/" + ticket.get().name();
    return session
        .awaitOrFail(session.stat(path), deadline, "look at the election of " + gateway)
        .filter(session::owns)
        .isPresent();
  }

  /** Curator enters in the background and tells nobody but its field. */
  private static String awaitEntry(GatewayId gateway, Place place, Deadline deadline)
      throws DriverException {
    while (!place.closed && !deadline.passed() && !Thread.currentThread().isInterrupted()) {
      String path = place.latch.getOurPath();
      if (path != null) {
        return path;
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    throw DriverException.transientError(
        "Could not enter the election of %s within %d ms"
            .formatted(gateway, deadline.limit().toMillis()));
  }

  /** An entry that the latch made. */
  private record Entry(String path, SessionId session) {}

  /** A latch that is opened once and closed once, possibly by two threads at the same time. */
  private static final class Place {
    private final LeaderLatch latch;
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable Entry entered;

    Place(LeaderLatch latch) {
      this.latch = latch;
    }

    void open() {
      try {
        latch.start();
      } catch (Exception e) {
        throw new IllegalStateException("Curator's latch did not start", e);
      }
      if (closed) {
        release();
      }
    }

    /** The entry, unless the latch was closed or has made another one by itself. */
    @Nullable Entry entry() {
      Entry entry = entered;
      boolean same = entry != null && entry.path().equals(latch.getOurPath());
      return same && !closed ? entry : null;
    }

    /** Removes the entry in the background, for as long as it takes. */
    void close() {
      closed = true;
      if (latch.getState() == LeaderLatch.State.STARTED) {
        release();
      }
    }

    private void release() {
      if (released.compareAndSet(false, true)) {
        try {
          latch.close();
        } catch (IOException e) {
          // Disregarded already; whoever left asks ZooKeeper itself to delete the entry.
          LOG.warn("Could not close a latch of Curator entry={}", entered, e);
        }
      }
    }
  }
}
