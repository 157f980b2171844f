package io.understudy.node.loop;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.testing.LogLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes, of which one dies: what the other one writes while it takes over. */
class TakeoverLogTest {
  private static final ImmutableSet<String> OF_PEERS =
      ImmutableSet.of(PeerLanes.class.getName(), PeerLog.class.getName());

  private static final int TICK_MILLIS = 200;

  private final FakeBroker broker = new FakeBroker();
  private final Map<NodeId, TestNode> nodes = new ConcurrentHashMap<>();
  private TestingServer server;

  @BeforeEach
  void startServer() throws Exception {
    Files.createDirectories(Path.of(System.getProperty("java.io.tmpdir")));
    server = new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MILLIS, -1), true);
  }

  @AfterEach
  void stopAll() throws Exception {
    for (TestNode node : nodes.values()) {
      node.stop();
    }
    server.close();
  }

  private TestNode node(String name) throws Exception {
    return new TestNode(name, server.getConnectString(), broker, nodes, SecondFactorKind.TOTP);
  }

  @Test
  void everyLineFromTheClaimToTheOpenGateCarriesGatewayAndEpoch() throws Exception {
    TestNode a = node("a");
    eventually("a serves", a::serves);
    TestNode b = node("b");
    b.gateway.asksForCodes();
    eventually("a sees that b is ready", () -> a.sees(b));
    nodes.remove(a.id);
    try (LogLines lines = LogLines.ofAll()) {
      a.die();
      a.coordination().close();
      eventually("b serves", b::serves);

      ImmutableList<ILoggingEvent> takeover = takeover(lines.events());
      String epoch = b.cell().epoch().toString();
      assertThat(takeover)
          .allSatisfy(line ->
              assertThat(LogLines.fields(line))
                  .as(line.toString())
                  .containsEntry("gateway", "live")
                  .containsEntry("epoch", epoch));
      assertThat(takeover.stream().map(ILoggingEvent::getThreadName))
          .as("lines of the loop, and of drivers on their lanes")
          .contains("control-loop-b", "gateway-live", "relay-live");
    }
  }

  /**
   * From the change to CLAIMING up to that to SERVING and what opens the gate after it, without
   * what is said of the peer meanwhile.
   */
  private static ImmutableList<ILoggingEvent> takeover(ImmutableList<ILoggingEvent> all) {
    int first = indexOf(all, ImmutableMap.of("to", "CLAIMING"));
    int serving = indexOf(all, ImmutableMap.of("to", "SERVING"));
    assertThat(first).as("the claim is told").isNotNegative();
    assertThat(serving).as("serving is told").isGreaterThan(first);
    return all.subList(first, all.size()).stream()
        .filter(line -> !OF_PEERS.contains(line.getLoggerName()))
        .collect(ImmutableList.toImmutableList());
  }

  private static int indexOf(ImmutableList<ILoggingEvent> all, Map<String, String> fields) {
    for (int i = 0; i < all.size(); i++) {
      if (LogLines.fields(all.get(i)).entrySet().containsAll(fields.entrySet())) {
        return i;
      }
    }
    return -1;
  }
}
