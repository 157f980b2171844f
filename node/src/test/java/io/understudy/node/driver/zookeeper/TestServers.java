package io.understudy.node.driver.zookeeper;

import com.google.common.collect.Iterables;
import io.understudy.node.core.model.SessionId;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;

/** Real ZooKeeper servers in this process. */
final class TestServers {
  /** Session timeouts of 400 ms to 4 s are granted. */
  static final int TICK_MILLIS = 200;

  private static final int ANY = -1;
  private static final int SESSION_MILLIS = 4_000;

  /** The last that a server did for a session, pings apart. */
  record Request(String operation, long number) {}

  private TestServers() {}

  static TestingServer server() throws Exception {
    return new TestingServer(spec(), true);
  }

  static InstanceSpec spec() throws IOException {
    Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir")));
    return new InstanceSpec(null, ANY, ANY, ANY, true, ANY, TICK_MILLIS, ANY);
  }

  /**
   * Ends a session as its timeout would: its password follows from its id, so whoever reaches the
   * client port can open and close it.
   */
  static void endSession(String connect, long sessionId) throws Exception {
    byte[] password = new byte[16];
    new Random(sessionId ^ 0xB3415C00L).nextBytes(password);
    CountDownLatch connected = new CountDownLatch(1);
    close(
        new ZooKeeper(connect, SESSION_MILLIS, whenConnected(connected), sessionId, password),
        connected);
  }

  /** As the server in this process that the session is connected to tells by JMX. */
  static Request lastRequest(SessionId session) throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    ObjectName connection =
        Iterables.getOnlyElement(
            beans.queryNames(
                new ObjectName("org.apache.ZooKeeperService:name3=" + session.toString() + ",*"),
                null));
    String number = (String) beans.getAttribute(connection, "LastCxid");
    return new Request(
        (String) beans.getAttribute(connection, "LastOperation"), Long.decode(number));
  }

  /** A client that does as it is told, for looking and meddling. */
  static ZooKeeper connect(String connect) throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper handle = new ZooKeeper(connect, SESSION_MILLIS, whenConnected(connected));
    awaitConnected(connected);
    return handle;
  }

  private static void close(ZooKeeper handle, CountDownLatch connected) throws Exception {
    awaitConnected(connected);
    handle.close();
  }

  private static void awaitConnected(CountDownLatch connected) throws InterruptedException {
    if (!connected.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("Could not connect to ZooKeeper");
    }
  }

  private static Watcher whenConnected(CountDownLatch connected) {
    return event -> {
      if (event.getState() == KeeperState.SyncConnected) {
        connected.countDown();
      }
    };
  }
}
