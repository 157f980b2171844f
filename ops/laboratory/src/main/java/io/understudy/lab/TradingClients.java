package io.understudy.lab;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLSocketFactory;

/** One trading client at the relay of each node. */
final class TradingClients implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(90);

  private final ImmutableMap<String, TradingClient> byNode;

  private TradingClients(ImmutableMap<String, TradingClient> byNode) {
    this.byNode = byNode;
  }

  static TradingClients start(LabCluster cluster) {
    SSLSocketFactory tls = AnyCertificate.socketFactory();
    return new TradingClients(
        cluster.nodes().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    LabNode::id,
                    node ->
                        TradingClient.start(
                            node.host(), node.endpoints().relay(), tls, LabCluster.ACCOUNT))));
  }

  TradingClient at(LabNode node) {
    return Objects.requireNonNull(byNode.get(node.id()));
  }

  /**
   * The time of the first answer through the node after the given time, both by {@link
   * System#nanoTime}.
   */
  long awaitFirst(LabNode node, long afterNanos) {
    TradingClient client = at(node);
    if (!Waiting.until(ANSWER_LIMIT, () -> client.firstAfter(afterNanos).isPresent())) {
      throw new LabException(
          "No trading client got an answer through node "
              + node.id()
              + " within "
              + ANSWER_LIMIT.toSeconds()
              + " s"
              + node.daemon().last());
    }
    return client.firstAfter(afterNanos).orElseThrow();
  }

  /** Fails when any answer comes during that time. */
  void expectSilence(Duration time) {
    long now = System.nanoTime();
    Waiting.pause(time);
    byNode.forEach((node, client) -> {
      if (client.firstAfter(now).isPresent()) {
        throw new LabException(
            "A trading client was answered through node " + node + " although the gate is shut");
      }
    });
  }

  @Override
  public void close() {
    byNode.values().forEach(TradingClient::close);
  }
}
