package io.understudy.node.driver.zookeeper;

import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.StoredRecords;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;

/**
 * The node's own ephemeral record, whose writes are the lease renewals.
 *
 * <p>A record that another session owns is never written and never deleted: its presence tells the
 * other nodes that the session of a former life may still live.
 */
final class RegisteredNode {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration LAST_LOOK_NEEDS = Duration.ofMillis(200);
  private static final String RENEW = "renew the lease";

  private final String path;
  private final Duration sessionTimeout;

  /** The record as we last wrote it; renewals come from one lane. */
  private volatile Optional<Written> written = Optional.empty();

  private record Written(SessionId session, int version) {}

  RegisteredNode(String path, Duration sessionTimeout) {
    this.path = path;
    this.sessionTimeout = sessionTimeout;
  }

  /**
   * Takes the node's name. A record that changes belongs to a running namesake: an error. One that
   * stands still was left by a former life, and is waited for until its session has expired; if
   * that does not happen within 2T (its own T, rounded up by the servers, and an election), its
   * owner lives, however frozen.
   */
  void register(CoordinationSession session, NodeRecord self, Deadline deadline)
      throws DriverException {
    Deadline expiry = Deadline.in(sessionTimeout.multipliedBy(2));
    Optional<Stat> first = Optional.empty();
    while (!create(session, self, deadline)) {
      session.awaitOrFail(session.sync(path), deadline, "register the node");
      Optional<StoredValue> other =
          session.awaitOrFail(session.value(path), deadline, "register the node");
      if (other.isPresent()) {
        Stat stat = other.get().stat();
        if (session.owns(stat)) {
          written = Optional.of(new Written(session.id(), stat.getVersion()));
          return;
        }
        if (expiry.passed()
            || first.filter(seen -> seen.getMzxid() != stat.getMzxid()).isPresent()) {
          throw namesake(other.get());
        }
        first = Optional.of(stat);
      }
      pause(self, deadline);
    }
  }

  /** One acknowledged quorum write of the record in this session. */
  SessionId renew(CoordinationSession session, NodeRecord self, Deadline deadline)
      throws DriverException {
    Optional<Written> last = written.filter(w -> w.session().equals(session.id()));
    if (last.isPresent() && overwrite(session, self, last.get().version(), deadline)) {
      return session.id();
    }
    // Not written in this session yet, or the answer to an earlier write was lost.
    Optional<Stat> stat = session.awaitOrFail(session.stat(path), deadline, RENEW);
    boolean done =
        stat.isEmpty()
            ? create(session, self, deadline)
            : session.owns(stat.get())
                && overwrite(session, self, stat.get().getVersion(), deadline);
    if (!done) {
      throw stat.map(this::foreign)
          .orElseGet(
              () -> DriverException.transientError(path + " was made by another session just now"));
    }
    return session.id();
  }

  /** A sync in the session of the last renewal. */
  void sync(CoordinationSession session, Deadline deadline) throws DriverException {
    if (written.filter(w -> w.session().equals(session.id())).isEmpty()) {
      throw DriverException.transientError("A new ZooKeeper session has begun meanwhile");
    }
    session.awaitOrFail(session.sync(path), deadline, "confirm the renewal of the lease");
  }

  private boolean create(CoordinationSession session, NodeRecord self, Deadline deadline)
      throws DriverException {
    try {
      session.await(
          session.create(path, StoredRecords.encode(self), CreateMode.EPHEMERAL),
          deadline,
          "register the node");
      written = Optional.of(new Written(session.id(), 0));
      return true;
    } catch (KeeperException e) {
      if (e.code() == Code.NODEEXISTS) {
        return false;
      }
      throw session.failure(e, "register the node");
    }
  }

  private boolean overwrite(
      CoordinationSession session, NodeRecord self, int version, Deadline deadline)
      throws DriverException {
    try {
      Stat stat =
          session.await(
              session.setData(path, StoredRecords.encode(self), version), deadline, RENEW);
      if (!session.owns(stat)) {
        throw foreign(stat);
      }
      written = Optional.of(new Written(session.id(), stat.getVersion()));
      return true;
    } catch (KeeperException e) {
      if (e.code() == Code.BADVERSION || e.code() == Code.NONODE) {
        return false;
      }
      throw session.failure(e, RENEW);
    }
  }

  private DriverException foreign(Stat stat) {
    return DriverException.transientError(
        "%s still belongs to session %s; it ends by its timeout"
            .formatted(path, new SessionId(stat.getEphemeralOwner())));
  }

  private static DriverException namesake(StoredValue value) throws DriverException {
    NodeRecord other = value.decode(StoredRecords::decodeNode);
    return DriverException.permanentError(
        "A node named '%s' is already running (instance %s, at %s): stop it, or give this node another id"
            .formatted(other.node(), other.instance(), other.peerAddress()));
  }

  private static void pause(NodeRecord self, Deadline deadline) throws DriverException {
    if (deadline.remainingNanos() < LAST_LOOK_NEEDS.toNanos()) {
      throw DriverException.transientError(
          "The session of a former life of node '%s' has not expired within %d ms"
              .formatted(self.node(), deadline.limit().toMillis()));
    }
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.transientError("Interrupted while the node was registered", e);
    }
  }
}
