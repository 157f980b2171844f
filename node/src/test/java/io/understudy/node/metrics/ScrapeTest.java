package io.understudy.node.metrics;

import static io.understudy.node.testing.ClusterScript.A;
import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.failover.Phase;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScrapeTest {
  private static final Duration SCRAPE_MAX = Duration.ofMillis(20);

  private final BusyNode node = new BusyNode();

  @BeforeEach
  void takeOver() {
    node.takesOver();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void shows(String line) {
    assertThat(node.scrape(ScrapeFormat.TEXT).lines()).contains(line);
  }

  private void doesNotShow(String name) {
    assertThat(node.scrape(ScrapeFormat.TEXT).lines())
        .noneMatch(line -> line.startsWith(name + "{"));
  }

  /** The best of many, since the machine may do other things at the same time. */
  @Test
  void aScrapeIsCheap() {
    long best =
        LongStream.range(0, 200)
            .map(_ -> {
              long before = System.nanoTime();
              assertThat(node.scrape(ScrapeFormat.OPENMETRICS)).isNotEmpty();
              return System.nanoTime() - before;
            })
            .min()
            .orElseThrow();
    assertThat(Duration.ofNanos(best)).isLessThan(SCRAPE_MAX);
  }

  @Test
  void takeoversCarryTheirEpochInOpenMetricsAndNotInText() {
    Pattern total =
        Pattern.compile(
            "understudy_takeover_seconds_bucket\\{clean=\"false\",gateway=\"live\",le=\"5.0\"} 1"
                + " # \\{epoch=\"7\"} 5.0 [0-9.]+");
    Pattern detect =
        Pattern.compile(
            "understudy_takeover_phase_seconds_bucket\\{gateway=\"live\",phase=\"detect\","
                + "le=\"0.5\"} 1 # \\{epoch=\"7\"} 0.4 [0-9.]+");
    assertThat(node.scrape(ScrapeFormat.OPENMETRICS).lines())
        .anyMatch(line -> total.matcher(line).matches())
        .anyMatch(line -> detect.matcher(line).matches());
    assertThat(node.scrape(ScrapeFormat.TEXT)).doesNotContain("epoch=");
    shows("understudy_takeover_seconds_count{clean=\"false\",gateway=\"live\"} 1");
    shows("understudy_leader_changes_total{gateway=\"live\",reason=\"lost\"} 1.0");
  }

  @Test
  void exemplarsStandOnBucketsAloneElsePrometheusRefusesTheScrape() {
    assertThat(node.scrape(ScrapeFormat.OPENMETRICS).lines().filter(line -> line.contains(" # {")))
        .isNotEmpty()
        .allMatch(line -> line.contains("_bucket{"));
  }

  @Test
  void anAccountIsShownByItsNumberAndNeverByItsName() {
    shows("strategy_nav_usd{account=\"1\",gateway=\"live\"} 1000.0");
    shows("portfolio_gross_exposure_usd{account=\"1\",gateway=\"live\"} 1500.0");
    shows("portfolio_net_exposure_usd{account=\"1\",gateway=\"live\"} -500.0");
    shows("ib_orders_submitted_total{gateway=\"live\"} 5.0");
    shows("ib_orders_filled_total{gateway=\"live\"} 3.0");
    shows("ib_orders_rejected_total{gateway=\"live\"} 1.0");
    assertThat(node.scrape(ScrapeFormat.OPENMETRICS)).doesNotContain("U7654321");
  }

  @Test
  void drawdownIsMeasuredFromTheMarkOnRecord() {
    node.cluster().account(BusyNode.worth("900"));
    node.publish();
    shows("strategy_nav_usd{account=\"1\",gateway=\"live\"} 900.0");
    shows("strategy_nav_high_water_usd{account=\"1\",gateway=\"live\"} 1000.0");
    shows("strategy_drawdown_pct{account=\"1\",gateway=\"live\"} 10.0");
  }

  @Test
  void whatWasReadLongAgoOrByANodeThatNoLongerServesIsNotShown() {
    node.cluster().after(Duration.ofSeconds(150));
    node.publish();
    doesNotShow("strategy_nav_usd");
    node.cluster().account(BusyNode.worth("1000")).cell(A, Phase.STANDBY, 0);
    node.publish();
    doesNotShow("strategy_nav_usd");
    doesNotShow("strategy_drawdown_pct");
    shows("ib_orders_submitted_total{gateway=\"live\"} 5.0");
  }

  @Test
  void peersAndServersAreShownAsTheProbesSeeThem() {
    shows("understudy_peer_up{node=\"b\"} 1.0");
    shows("understudy_peer_round_trip_seconds{node=\"b\"} 0.012");
    shows("understudy_peer_clock_offset_seconds{node=\"b\"} -0.25");
    shows("understudy_peer_tunnel_handshake_age_seconds{node=\"b\"} 40.0");
    shows("understudy_peer_condition{condition=\"split_view\",node=\"b\"} 1.0");
    shows("understudy_peer_condition{condition=\"clock_skew\",node=\"b\"} 0.0");
    shows("understudy_coordination_server_up{server=\"10.0.0.1:2281\"} 1.0");
    shows("understudy_coordination_servers 1.0");
  }
}
