package io.understudy.node.driver.zookeeper;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.driver.zookeeper.SnapshotReader.MissingRecordException;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.node.spi.SessionRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Coordination on ZooKeeper.
 *
 * <p>What survives: elections and the node's record end with the session; epoch, custody, ledger,
 * directives, drills and history stay. While there is no connection every call fails at once. A
 * session that this process lost keeps its record and its election entries until ZooKeeper has
 * expired it; they are never removed from here, because the other nodes wait for exactly that. A
 * start that failed leaves the driver closed; another attempt takes another driver.
 */
public final class ZooKeeperCoordination implements CoordinationDriver {
  private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperCoordination.class);

  private final ZooKeeperSettings settings;
  private final ClusterPaths paths;
  private final GatewayHistory history;
  private final PastDrills drills;
  private final GuardedTransaction transaction;
  private final SessionRecord sessionRecord;
  private volatile @Nullable SessionId recorded;
  private volatile @Nullable Started started;
  private volatile boolean registered;
  private volatile boolean closed;

  /** What exists from {@link #start} to {@link #close}. */
  private record Started(
      EnsembleConnection connection,
      Elections elections,
      RegisteredNode registration,
      SnapshotReader reader,
      ChangeWatch watch) {}

  public ZooKeeperCoordination(ZooKeeperSettings settings) {
    this(settings, SessionRecord.none());
  }

  /** With the place where each session is left for whoever closes it after a crash. */
  public ZooKeeperCoordination(ZooKeeperSettings settings, SessionRecord sessionRecord) {
    this.settings = settings;
    this.sessionRecord = sessionRecord;
    this.paths = new ClusterPaths(settings.clusterName());
    this.history = new GatewayHistory(paths);
    this.drills = new PastDrills(paths);
    this.transaction = new GuardedTransaction(paths, history, drills);
  }

  @Override
  public void start(NodeRecord self, Listener listener, Duration timeout) throws DriverException {
    if (started != null || closed) {
      throw new IllegalStateException("coordination is started once");
    }
    Deadline deadline = Deadline.in(timeout);
    EnsembleConnection connection =
        EnsembleConnection.of(settings, (_, state) -> connectionChanged(state, listener));
    String ownRecord = paths.node(self.node());
    Elections elections = new Elections(connection, paths, self.node());
    Started all =
        new Started(
            connection,
            elections,
            new RegisteredNode(ownRecord, settings.sessionTimeout()),
            new SnapshotReader(paths, settings.gateways(), elections),
            new ChangeWatch(connection.curator(), paths.root(), ownRecord, listener));
    // The listener may call any method as soon as there is a connection.
    started = all;
    try {
      connection.begin();
      connection.awaitConnected(deadline);
      checkTimeout(connection.negotiatedTimeout());
      CoordinationSession session = connection.session();
      record(session);
      createPermanentPaths(session, deadline);
      expectReadable(all.reader(), session, deadline);
      all.registration().register(session, self, deadline);
      all.watch().start();
      // Not before: a node whose name is taken has no business in any election.
      registered = true;
      if (connection.curator().getZookeeperClient().isConnected()) {
        listener.connectionChanged(Connection.CONNECTED);
      }
    } catch (DriverException e) {
      close();
      throw e;
    }
  }

  @Override
  public SessionId renew(NodeRecord self) throws DriverException {
    Deadline deadline = callDeadline();
    Started all = started();
    CoordinationSession session = all.connection().session();
    // Servers may have been restarted with other bounds; the lease is computed for this T only.
    checkTimeout(all.connection().negotiatedTimeout());
    // No lease, and so no deed, in a session without two renewals: this is early enough.
    record(session);
    return all.registration().renew(session, self, deadline);
  }

  @Override
  public void sync() throws DriverException {
    Deadline deadline = callDeadline();
    Started all = started();
    all.registration().sync(all.connection().session(), deadline);
  }

  @Override
  public CoordinationSnapshot read() throws DriverException {
    Deadline deadline = callDeadline();
    Started all = started();
    all.watch().readBegins();
    CoordinationSession session = all.connection().session();
    try {
      return all.reader().read(session, deadline);
    } catch (MissingRecordException e) {
      LOG.warn("Created a permanent record that was missing path={}", e.getMessage());
      createPermanentPaths(session, deadline);
    }
    try {
      return all.reader().read(session, deadline);
    } catch (MissingRecordException e) {
      throw DriverException.transientError(
          "The record " + e.getMessage() + " is missing in ZooKeeper", e);
    }
  }

  @Override
  public GuardedWrite.Result write(GuardedWrite write) {
    Deadline deadline = callDeadline();
    Started all;
    CoordinationSession session;
    try {
      all = started();
      session = all.connection().session();
    } catch (DriverException e) {
      LOG.warn("Did not write gateway={} reason={}", write.gateway(), e.getMessage());
      return GuardedWrite.Result.INDETERMINATE;
    }
    boolean ours =
        all.elections()
            .ticket(write.gateway(), session.id())
            .filter(write.ticket()::equals)
            .isPresent();
    return ours ? transaction.commit(session, write, deadline) : GuardedWrite.Result.REFUSED;
  }

  @Override
  public void join(GatewayId gateway) throws DriverException {
    started().elections().join(known(gateway), callDeadline());
  }

  @Override
  public void leave(GatewayId gateway) throws DriverException {
    started().elections().leave(known(gateway), callDeadline());
  }

  @Override
  public void record(GatewayId gateway, HistoryEntry entry) throws DriverException {
    CoordinationSession session = started().connection().session();
    history.record(session, known(gateway), entry, callDeadline());
  }

  @Override
  public ImmutableList<HistoryEntry> history(GatewayId gateway, int limit) throws DriverException {
    CoordinationSession session = started().connection().session();
    return history.newest(session, known(gateway), limit, callDeadline());
  }

  @Override
  public ImmutableList<Drill> pastDrills(GatewayId gateway, int limit) throws DriverException {
    CoordinationSession session = started().connection().session();
    return drills.newest(session, known(gateway), limit, callDeadline());
  }

  @Override
  public void close() {
    closed = true;
    Started all = started;
    if (all != null && all.connection().closeSession()) {
      sessionRecord.closed();
    }
  }

  /** Called by start, and then by the lane of the renewals alone. */
  private void record(CoordinationSession session) {
    if (!session.id().equals(recorded)) {
      try (Secret password = session.password()) {
        sessionRecord.opened(session.id(), password);
      }
      recorded = session.id();
    }
  }

  /** Curator's thread. Callbacks of a closed driver are dropped. */
  private void connectionChanged(ConnectionState state, Listener listener) {
    Started all = started;
    if (closed || !registered) {
      return;
    }
    switch (state) {
      case CONNECTED, RECONNECTED -> listener.connectionChanged(Connection.CONNECTED);
      case SUSPENDED, READ_ONLY -> listener.connectionChanged(Connection.SUSPENDED);
      case LOST -> {
        if (all != null) {
          all.elections().sessionExpired();
        }
        listener.connectionChanged(Connection.EXPIRED);
      }
    }
  }

  private void checkTimeout(Duration negotiated) throws DriverException {
    if (!negotiated.equals(settings.sessionTimeout())) {
      throw DriverException.permanentError(
          "The ZooKeeper servers at %s grant a session timeout of %d ms instead of the configured %d ms: set minSessionTimeout and maxSessionTimeout (or tickTime) in their zoo.cfg so that they allow it"
              .formatted(
                  settings.connect(), negotiated.toMillis(), settings.sessionTimeout().toMillis()));
    }
  }

  /** Asks for all at once, parents first; other nodes may do the same at the same time. */
  private void createPermanentPaths(CoordinationSession session, Deadline deadline)
      throws DriverException {
    String purpose = "create the cluster's records";
    List<CompletableFuture<String>> answers =
        paths.permanent(settings.gateways()).stream()
            .map(path -> session.create(path, new byte[0], CreateMode.PERSISTENT))
            .toList();
    for (CompletableFuture<String> answer : answers) {
      try {
        session.await(answer, deadline, purpose);
      } catch (KeeperException e) {
        if (e.code() != Code.NODEEXISTS) {
          throw session.failure(e, purpose);
        }
      }
    }
  }

  /** A node that cannot read what is there could only stand about; it does not start instead. */
  private static void expectReadable(
      SnapshotReader reader, CoordinationSession session, Deadline deadline)
      throws DriverException {
    try {
      CoordinationSnapshot _ = reader.read(session, deadline);
    } catch (MissingRecordException e) {
      LOG.warn("Somebody deleted a permanent record path={}", e.getMessage());
    }
  }

  private GatewayId known(GatewayId gateway) {
    if (!settings.gateways().contains(gateway)) {
      throw new IllegalArgumentException("gateway '" + gateway + "' is not configured");
    }
    return gateway;
  }

  private Deadline callDeadline() {
    return Deadline.in(settings.callTimeout());
  }

  private Started started() throws DriverException {
    Started all = started;
    if (all == null) {
      throw DriverException.transientError("Coordination is not started yet");
    }
    return all;
  }
}
