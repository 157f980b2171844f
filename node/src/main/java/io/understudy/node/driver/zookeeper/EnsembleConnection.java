package io.understudy.node.driver.zookeeper;

import io.understudy.node.spi.DriverException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.framework.state.ConnectionStateListener;
import org.apache.curator.framework.state.StandardConnectionStateErrorPolicy;
import org.apache.curator.retry.RetryNTimes;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;

/**
 * The one Curator client of a driver's life: it reconnects, and opens a new session after an
 * expiry.
 *
 * <p>Curator gives a session up after T of being suspended, by wall time, and ZooKeeper's client
 * after 4T/3 of silence: late, and possibly not at the same time as the servers, so neither means
 * more than "another session comes". Curator does not follow the ensemble's own list of addresses
 * here, because the configured addresses are the ones that lead through the tunnel.
 */
final class EnsembleConnection {
  private static final int RETRIES = 5;
  private static final Duration RETRY_PAUSE = Duration.ofMillis(100);
  private static final int BACKGROUND_ERRORS_KEPT_MAX = 10;

  private static final ACL CREATOR_ONLY = new ACL(ZooDefs.Perms.ALL, new Id("auth", ""));
  private static final ACL ANYBODY = new ACL(ZooDefs.Perms.ALL, new Id("world", "anyone"));

  private final String connect;
  private final List<ACL> acl;
  private final ClientSecurity security;
  private final CuratorFramework curator;
  private final Duration closeTimeout;

  private EnsembleConnection(ZooKeeperSettings settings, ClientSecurity security) {
    this.connect = settings.connect();
    this.security = security;
    this.closeTimeout = settings.callTimeout();
    // Not List.of: ZooKeeper asks the list whether it contains null.
    this.acl = Collections.singletonList(settings.tls().isPresent() ? CREATOR_ONLY : ANYBODY);
    int timeoutMillis = Math.toIntExact(settings.sessionTimeout().toMillis());
    this.curator =
        CuratorFrameworkFactory.builder()
            .connectString(connect)
            .sessionTimeoutMs(timeoutMillis)
            .connectionTimeoutMs(timeoutMillis)
            .ensembleTracker(false)
            .dontUseContainerParents()
            .connectionStateErrorPolicy(new StandardConnectionStateErrorPolicy())
            .retryPolicy(new RetryNTimes(RETRIES, Math.toIntExact(RETRY_PAUSE.toMillis())))
            .zkClientConfig(security.config())
            .aclProvider(new SameForAll(acl))
            .build();
  }

  /** Not begun yet; the listener is called on Curator's thread, from the first connection on. */
  static EnsembleConnection of(ZooKeeperSettings settings, ConnectionStateListener listener)
      throws DriverException {
    EnsembleConnection connection =
        new EnsembleConnection(settings, ClientSecurity.of(settings.tls()));
    connection.curator.getConnectionStateListenable().addListener(listener);
    return connection;
  }

  /** Begins to connect. Called once. */
  void begin() {
    curator.start();
  }

  void awaitConnected(Deadline deadline) throws DriverException {
    try {
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos()));
      if (!curator.blockUntilConnected(Math.toIntExact(millis), TimeUnit.MILLISECONDS)) {
        throw DriverException.transientError(
            "No ZooKeeper server at %s could be reached within %d ms: check that they run, the addresses, and the certificates"
                .formatted(connect, deadline.limit().toMillis()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.transientError(
          "Interrupted while connecting to ZooKeeper at " + connect, e);
    }
  }

  CuratorFramework curator() {
    return curator;
  }

  /** The session of this moment; fails at once while there is no connection. */
  CoordinationSession session() throws DriverException {
    ZooKeeper handle = handle();
    if (handle.getSessionId() == 0) {
      throw notConnected();
    }
    return new CoordinationSession(handle, acl, connect);
  }

  /** What the servers granted for the present session. */
  Duration negotiatedTimeout() throws DriverException {
    return Duration.ofMillis(handle().getSessionTimeout());
  }

  /**
   * Closes the session at once. Without a quorum ZooKeeper's own close may wait for an answer; it
   * is then left behind, and the session ends by its timeout.
   *
   * @return whether the session was surely closed
   */
  boolean closeSession() {
    boolean connected = curator.getZookeeperClient().isConnected();
    Thread closing = Thread.ofPlatform().daemon().name("zookeeper-close").start(curator::close);
    try {
      boolean closed = closing.join(closeTimeout);
      if (!closed) {
        closing.interrupt();
      }
      return connected && closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      security.close();
    }
  }

  /**
   * Curator hands out an error that an earlier reconnect left behind instead of the handle; a
   * bounded number of them is waiting.
   */
  private ZooKeeper handle() throws DriverException {
    for (int i = 0; i <= BACKGROUND_ERRORS_KEPT_MAX; i++) {
      if (!curator.getZookeeperClient().isConnected()) {
        throw notConnected();
      }
      try {
        return curator.getZookeeperClient().getZooKeeper();
      } catch (Exception _) {
        // An old error: ask again.
      }
    }
    throw notConnected();
  }

  private DriverException notConnected() {
    return DriverException.transientError("Not connected to ZooKeeper at " + connect);
  }

  /** One access list for everything. */
  private record SameForAll(List<ACL> acl) implements ACLProvider {
    @Override
    public List<ACL> getDefaultAcl() {
      return acl;
    }

    @Override
    public List<ACL> getAclForPath(String path) {
      return acl;
    }
  }
}
