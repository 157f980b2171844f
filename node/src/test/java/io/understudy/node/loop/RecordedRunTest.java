package io.understudy.node.loop;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.driver.journal.FileJournal;
import io.understudy.node.driver.journal.JournalReplay;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two real nodes decided is decided again, from their journals alone. */
class RecordedRunTest {
  private static final int TICK_MILLIS = 200;

  @TempDir private Path journals;
  private final Map<NodeId, TestNode> nodes = new ConcurrentHashMap<>();
  private final FakeBroker broker = new FakeBroker();

  @Test
  void theJournalsOfASwitchoverBetweenTwoNodesReplayExactly() throws Exception {
    try (TestingServer server =
        new TestingServer(new InstanceSpec(null, -1, -1, -1, true, -1, TICK_MILLIS, -1), true)) {
      TestNode a = node(server, "a");
      eventually("a serves", a::serves);
      TestNode b = node(server, "b");
      eventually("a sees that b is ready", () -> a.sees(b));
      CommandAnswer answer =
          a.ask(
              new Command.Failover(
                  new Command.Meta(
                      TestNode.LIVE,
                      UUID.randomUUID().toString(),
                      Epoch.NONE,
                      "test",
                      "tester",
                      false),
                  Optional.of(b.id),
                  false));
      assertThat(answer).isInstanceOf(CommandAnswer.Accepted.class);
      eventually("b serves", b::serves);
      eventually("a stands by", a::standsBy);
      for (TestNode node : nodes.values()) {
        node.stop();
      }
    }
    assertReplays("a");
    assertReplays("b");
  }

  private TestNode node(TestingServer server, String name) throws Exception {
    return new TestNode(
        name,
        server.getConnectString(),
        broker,
        nodes,
        SecondFactorKind.TOTP,
        new FileJournal(journals.resolve(name)));
  }

  private void assertReplays(String name) throws Exception {
    JournalReplay.Result result = JournalReplay.replay(journals.resolve(name));
    assertThat(result.sentence()).contains("every decision was the same");
    assertThat(result.lives()).isEqualTo(1);
    assertThat(result.passes()).isGreaterThan(20);
  }
}
