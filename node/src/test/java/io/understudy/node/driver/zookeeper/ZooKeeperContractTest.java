package io.understudy.node.driver.zookeeper;

import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.CoordinationContract;
import io.understudy.node.spi.CoordinationDriver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** The contract on one real server, each node behind a link of its own, each test a cluster. */
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
final class ZooKeeperContractTest extends CoordinationContract {
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(4);
  private static final Duration CALL_TIMEOUT = Duration.ofMillis(700);

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TestingServer server;

  private static int clusters;

  private final String cluster = "contract-" + ++clusters;
  private final ConcurrentMap<NodeId, TestLink> links = new ConcurrentHashMap<>();

  @BeforeAll
  static void startServer() throws Exception {
    server = TestServers.server();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @AfterEach
  void closeLinks() {
    links.values().forEach(TestLink::close);
  }

  @Override
  protected CoordinationDriver create(NodeId node) {
    return new ZooKeeperCoordination(
        new ZooKeeperSettings(
            link(node).address(),
            cluster,
            SESSION_TIMEOUT,
            GATEWAYS,
            CALL_TIMEOUT,
            Optional.empty()));
  }

  @Override
  protected void spoilMarks(GatewayId gateway) {
    spoil(gateway, RecordName.MARKS);
  }

  @Override
  protected void spoilDrill(GatewayId gateway) {
    spoil(gateway, RecordName.DRILL);
  }

  private void spoil(GatewayId gateway, RecordName name) {
    String path = new ClusterPaths(cluster).record(gateway, name);
    try {
      ZooKeeper raw = TestServers.connect(server.getConnectString());
      try {
        var _ = raw.setData(path, "no message".getBytes(StandardCharsets.UTF_8), -1);
      } finally {
        raw.close();
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected void expire(SessionId session) {
    try {
      TestServers.endSession(server.getConnectString(), session.value());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  protected void disconnect(NodeId node) {
    link(node).cut();
  }

  @Override
  protected void loseAnswers(NodeId node) {
    link(node).loseAnswers();
  }

  @Override
  protected void reconnect(NodeId node) {
    link(node).restore();
  }

  private TestLink link(NodeId node) {
    return links.computeIfAbsent(node, _ -> new TestLink(server.getPort()));
  }
}
