package io.understudy.node.metrics;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static io.understudy.node.testing.ClusterScript.LIVE;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.account.AccountFigures;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.account.OrderCounts;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.Eventually;
import io.understudy.node.spi.TradingRelay.Traffic;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.testing.SampleDrill;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** The metrics of a node of which everything is known that there is to know. */
final class BusyNode implements AutoCloseable {
  private final ClusterScript cluster = new ClusterScript();
  private final FakeNodeControl control = new FakeNodeControl(cluster.status());
  private final NodeMetrics metrics =
      new NodeMetrics(
          control,
          ImmutableList.of(ClusterScript.SETTINGS),
          ImmutableMap.of(LIVE, () -> new Traffic(3, 1_000, 2_000, 1)),
          ImmutableMap.of("api", cluster::now),
          cluster::now);

  String scrape(ScrapeFormat format) {
    return metrics.scrape(format);
  }

  ClusterScript cluster() {
    return cluster;
  }

  void publish() {
    control.publish(cluster.status());
  }

  /** Node b was lost under epoch 6, and this one has come to serving under epoch 7. */
  void takesOver() {
    cluster.custody(B, 6);
    enters(Phase.CLAIMING, 0);
    enters(Phase.FENCING, 7);
    cluster.custody(A, 7);
    enters(Phase.LOGGING_IN, 7);
    enters(Phase.VERIFYING, 7);
    enters(Phase.RECONCILING, 7);
    enters(Phase.SERVING, 7);
    cluster
        .account(worth("1000"))
        .peer(
            new PeerView(
                B,
                true,
                cluster.now(),
                Optional.of(Duration.ofMillis(12)),
                Optional.of(Duration.ofMillis(-250)),
                Optional.of(Duration.ofSeconds(40)),
                Optional.of("0.1.0"),
                ImmutableList.of(
                    new PeerCondition(PeerCondition.Type.SPLIT_VIEW, "b says that b leads"))))
        .servers(new ServerView("10.0.0.1:2281", true, "leader"))
        .drill(SampleDrill.of("drill-1", DrillStage.PASSED, cluster.now()));
    publish();
    Eventually.eventually(
        "the takeover is counted",
        () -> scrape(ScrapeFormat.TEXT).contains("ib_last_reconnect_unix{"));
  }

  private void enters(Phase phase, long epoch) {
    cluster.after(Duration.ofSeconds(1)).cell(A, phase, epoch);
    publish();
  }

  static AccountReading worth(String netLiquidation) {
    return new AccountReading(
        ImmutableList.of(
            new AccountFigures(
                "U7654321",
                "USD",
                new BigDecimal(netLiquidation),
                Optional.of(new BigDecimal("1500")),
                Optional.of(new BigDecimal("-500")))),
        new OrderCounts(5, 3, 1),
        true);
  }

  @Override
  public void close() {
    metrics.close();
  }
}
