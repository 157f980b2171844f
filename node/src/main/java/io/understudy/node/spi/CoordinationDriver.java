package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.SessionId;
import java.time.Duration;

/**
 * The cluster's memory: elections, records, leases. Backed by ZooKeeper.
 *
 * <p>Threads: {@link #renew} is called from one lane, everything else from another; both may be
 * under way at once. The listener is called on the driver's own threads and only enqueues. Every
 * call returns within its timeout or throws a transient {@link DriverException}.
 *
 * <p>An implementation must not decide anything: it must not claim, release or clear records by
 * itself. When its session expires it opens a new one and says so; entries of the dead session are
 * gone then.
 */
public interface CoordinationDriver extends AutoCloseable {
  /**
   * Connects; returns when a session is established, else throws with one clear sentence
   * (unreachable, negotiated timeout differs from the configured one, a node with this id is
   * already running, a record is of a later version).
   */
  void start(NodeRecord self, Listener listener, Duration timeout) throws DriverException;

  /**
   * The first half of a lease renewal: a quorum write of the node's own ephemeral record, created
   * where it is missing.
   *
   * @return the session in which it was acknowledged
   * @throws DriverException without an acknowledgement: nothing is known
   */
  SessionId renew(NodeRecord self) throws DriverException;

  /**
   * The second half: goes to the ensemble's leader and back in the session of the last renewal,
   * behind everything that its server has told the leader until now. Called after {@link #renew},
   * from the same lane.
   *
   * @throws DriverException without an answer, or when another session has begun: nothing is known
   */
  void sync() throws DriverException;

  /** Reads everything after a sync, so that no write acknowledged before the call is missing. */
  CoordinationSnapshot read() throws DriverException;

  /** Carries out one guarded write. */
  GuardedWrite.Result write(GuardedWrite write);

  /** Stands in the gateway's election, at its end; nothing if it stands already. */
  void join(GatewayId gateway) throws DriverException;

  /**
   * Leaves the gateway's election; nothing if it does not stand. From this call on the entry is not
   * the node's own any more, whether or not an answer comes: a read does not show it as such, and
   * nothing is written under it. Its removal may take effect at any later moment, while the node
   * leads again under another entry.
   *
   * @throws DriverException without an answer; the driver goes on removing the entry
   */
  void leave(GatewayId gateway) throws DriverException;

  /** Appends a line to the gateway's history, which is bounded; best effort. */
  void record(GatewayId gateway, HistoryEntry entry) throws DriverException;

  /** The newest lines, newest first. Any thread. */
  ImmutableList<HistoryEntry> history(GatewayId gateway, int limit) throws DriverException;

  /** The drills before the current or last one, newest first. Any thread. */
  ImmutableList<Drill> pastDrills(GatewayId gateway, int limit) throws DriverException;

  /** Closes the session at once; elections and the node's record vanish with it. */
  @Override
  void close();

  /** Told on the driver's threads; must only enqueue. */
  interface Listener {
    void connectionChanged(Connection connection);

    /** Something under the cluster's root changed: read soon. */
    void changed();
  }

  /** The state of the link to the ensemble. */
  enum Connection {
    CONNECTED,
    /** Neutral: start nothing, let the lease run down. */
    SUSPENDED,
    /** The session has expired. */
    EXPIRED
  }
}
