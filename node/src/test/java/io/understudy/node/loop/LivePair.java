package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.NodeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Two real loops and a ZooKeeper server: node a serves, node b is ready. In the end the broker must
 * have seen no promise broken.
 */
abstract class LivePair {
  private static final int TICK_MILLIS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  final FakeBroker broker = new FakeBroker();
  final Map<NodeId, TestNode> nodes = new ConcurrentHashMap<>();
  TestingServer server;
  TestNode a;
  TestNode b;
  private final SecondFactorKind secondFactor;

  LivePair(SecondFactorKind secondFactor) {
    this.secondFactor = secondFactor;
  }

  @BeforeEach
  void startPair() throws Exception {
    Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir")));
    server = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MILLIS, -1), true);
    a = node("a");
    await(a::serves);
    b = node("b");
    await(() -> a.sees(b));
  }

  @AfterEach
  void stopPair() throws Exception {
    for (TestNode node : nodes.values()) {
      node.stop();
    }
    server.close();
    assertThat(broker.violations()).isEmpty();
  }

  final TestNode node(String name) throws Exception {
    return new TestNode(name, server.getConnectString(), broker, nodes, secondFactor);
  }

  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }
}
