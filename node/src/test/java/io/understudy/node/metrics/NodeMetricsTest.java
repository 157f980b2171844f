package io.understudy.node.metrics;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static io.understudy.node.testing.ClusterScript.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginAttempt.Verdict;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.spi.TradingRelay.Traffic;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.testing.SampleDrill;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeMetricsTest {
  private final ClusterScript cluster = new ClusterScript();
  private final FakeNodeControl control = new FakeNodeControl(cluster.status());
  private final NodeMetrics metrics =
      new NodeMetrics(
          control,
          ImmutableList.of(ClusterScript.SETTINGS),
          ImmutableMap.of(LIVE, () -> new Traffic(3, 1_000, 2_000, 1)),
          ImmutableMap.of("api", this::certificateEnds),
          cluster::now);

  private Instant certificateEnds() {
    return cluster.now().plus(Duration.ofDays(30));
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  private void publish() {
    control.publish(cluster.status());
  }

  private void shows(String line) {
    assertThat(metrics.scrape(ScrapeFormat.TEXT).lines()).contains(line);
  }

  /** Counters follow on a thread of their own. */
  private void willShow(String line) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (metrics.scrape(ScrapeFormat.TEXT).lines().noneMatch(line::equals)
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    shows(line);
  }

  @Test
  void thePhaseIsAStateSet() {
    cluster.cell(A, Phase.SERVING, 7);
    publish();
    shows("understudy_cell_phase{gateway=\"live\",phase=\"serving\"} 1.0");
    shows("understudy_cell_phase{gateway=\"live\",phase=\"standby\"} 0.0");
    shows("understudy_cell_epoch{gateway=\"live\"} 7.0");
    shows("understudy_gate_open{gateway=\"live\"} 1.0");
    shows("understudy_gateway_authenticated{gateway=\"live\"} 1.0");
  }

  @Test
  void theLastDrillIsShownOnceItHasEnded() {
    shows("understudy_drill_under_way{gateway=\"live\"} 0.0");
    assertThat(metrics.scrape(ScrapeFormat.TEXT)).doesNotContain("understudy_drill_last_passed{");

    Instant begin = Instant.ofEpochSecond(1_790_000_000);
    cluster.drill(SampleDrill.of("drill-1", DrillStage.FAULT, begin));
    publish();
    shows("understudy_drill_under_way{gateway=\"live\"} 1.0");
    assertThat(metrics.scrape(ScrapeFormat.TEXT)).doesNotContain("understudy_drill_last_passed{");

    cluster.drill(SampleDrill.of("drill-1", DrillStage.PASSED, begin));
    publish();
    shows("understudy_drill_under_way{gateway=\"live\"} 0.0");
    shows("understudy_drill_last_timestamp_seconds{gateway=\"live\"} 1.79000002E9");
    shows("understudy_drill_last_passed{gateway=\"live\"} 1.0");
    shows("understudy_drill_last_recovery_seconds{gateway=\"live\"} 12.0");

    cluster.drill(SampleDrill.of("drill-2", DrillStage.FAILED, begin));
    publish();
    shows("understudy_drill_last_passed{gateway=\"live\"} 0.0");
  }

  @Test
  void leadershipFollowsTheElection() {
    shows("understudy_cell_leader{gateway=\"live\"} 1.0");
    cluster.elected(B, A);
    publish();
    shows("understudy_cell_leader{gateway=\"live\"} 0.0");
  }

  @Test
  void everyNodeTellsWhetherAnybodyIsElected() {
    cluster.elected(B, A);
    publish();
    shows("understudy_cell_elected{gateway=\"live\"} 1.0");
    cluster.elected();
    publish();
    shows("understudy_cell_elected{gateway=\"live\"} 0.0");
  }

  @Test
  void theLeaseRunsDownWhileNothingIsPublished() {
    shows("understudy_lease_remaining_seconds 5.0");
    cluster.after(Duration.ofSeconds(2));
    shows("understudy_lease_remaining_seconds 3.0");
    shows("understudy_loop_status_age_seconds 2.0");
    cluster.after(Duration.ofSeconds(9));
    shows("understudy_lease_remaining_seconds 0.0");
  }

  @Test
  void theRelaysTrafficIsCounted() {
    shows("understudy_relay_bytes_total{direction=\"to_gateway\",gateway=\"live\"} 1000.0");
    shows("understudy_relay_bytes_total{direction=\"to_clients\",gateway=\"live\"} 2000.0");
    shows("understudy_relay_connections_total{gateway=\"live\"} 3.0");
    shows("understudy_relay_open_connections{gateway=\"live\"} 1.0");
  }

  @Test
  void theEndOfACertificateIsAMomentThatFollowsTheFiles() {
    String series = "understudy_certificate_expiry_timestamp_seconds{certificate=\"api\"} ";
    shows(series + (double) certificateEnds().getEpochSecond());
    cluster.after(Duration.ofDays(400));
    shows(series + (double) certificateEnds().getEpochSecond());
  }

  @Test
  void transitionsAreCountedByThePhaseReached() {
    cluster.after(Duration.ofSeconds(1)).cell(A, Phase.CLAIMING, 1);
    publish();
    publish();
    cluster.after(Duration.ofSeconds(1)).cell(A, Phase.FENCING, 1);
    publish();
    willShow("understudy_transitions_total{gateway=\"live\",phase=\"fencing\"} 1.0");
    shows("understudy_transitions_total{gateway=\"live\",phase=\"claiming\"} 1.0");
    shows("understudy_transitions_total{gateway=\"live\",phase=\"serving\"} 0.0");
  }

  private static LoginAttempt attempt(String id, NodeId node, Verdict verdict) {
    return new LoginAttempt(id, node, new Epoch(1), Instant.parse("2026-11-20T12:00:00Z"), verdict);
  }

  @Test
  void onlyThisNodesAttemptsAreCountedAndOnceEachWhenTheyAreSettled() {
    cluster.ledger(
        LoginLedger.EMPTY
            .withAttempt(attempt("a1", A, Verdict.OPEN))
            .withAttempt(attempt("b1", B, Verdict.REFUSED)));
    publish();
    cluster.ledger(cluster.ledger().withVerdict("a1", Verdict.REFUSED, cluster.now()));
    publish();
    publish();
    willShow("understudy_login_attempts_total{gateway=\"live\",verdict=\"refused\"} 1.0");
    shows("understudy_login_failures_in_row{gateway=\"live\"} 2.0");
  }

  @Test
  void theBudgetThatIsLeftIsWhatTheLedgerLeavesAndNothingWhileLoginsAreLocked() {
    shows("understudy_login_budget_left{gateway=\"live\"} 3.0");
    cluster.ledger(
        LoginLedger.EMPTY
            .withAttempt(attempt("a1", A, Verdict.REFUSED))
            .withAttempt(attempt("b1", B, Verdict.UNKNOWN)));
    publish();
    shows("understudy_login_budget_left{gateway=\"live\"} 1.0");
    cluster.ledger(cluster.ledger().locked(cluster.now().plusSeconds(60), "too many"));
    publish();
    shows("understudy_login_budget_left{gateway=\"live\"} 0.0");
  }

  @Test
  void aLoginThatDidNotSucceedIsAFailureToReconnect() {
    cluster.ledger(
        LoginLedger.EMPTY
            .withAttempt(attempt("a1", A, Verdict.OPEN))
            .withAttempt(attempt("a2", A, Verdict.OPEN)));
    publish();
    cluster.ledger(
        cluster
            .ledger()
            .withVerdict("a1", Verdict.UNKNOWN, cluster.now())
            .withVerdict("a2", Verdict.SUCCEEDED, cluster.now()));
    publish();
    willShow("understudy_login_attempts_total{gateway=\"live\",verdict=\"succeeded\"} 1.0");
    willShow("ib_reconnect_failures_total{gateway=\"live\"} 1.0");
  }

  @Test
  void aReconnectIsCountedFromTheSecondTimeOnAndALookWithoutAnswerIsNone() {
    assertThat(metrics.scrape(ScrapeFormat.TEXT)).doesNotContain("ib_last_reconnect_unix{");
    for (SessionState session :
        ImmutableList.of(
            SessionState.ESTABLISHED,
            SessionState.UNKNOWN,
            SessionState.ESTABLISHED,
            SessionState.COMPETING,
            SessionState.ESTABLISHED)) {
      cluster.after(Duration.ofSeconds(1)).session(A, session);
      publish();
    }
    shows("ib_connection_up{gateway=\"live\"} 1.0");
    willShow("ib_reconnect_total{gateway=\"live\"} 1.0");
    shows("understudy_competing_sessions_total{gateway=\"live\"} 1.0");
    assertThat(metrics.scrape(ScrapeFormat.TEXT).lines())
        .contains(
            "ib_last_reconnect_unix{gateway=\"live\"} " + (double) cluster.now().getEpochSecond());
  }

  @Test
  void aMaintenanceWindowShowsWhileItLasts() {
    shows("understudy_maintenance{gateway=\"live\"} 0.0");
    // From Friday noon to five past midnight on Sunday.
    cluster.after(Duration.ofMinutes(36 * 60 + 5));
    shows("understudy_maintenance{gateway=\"live\"} 1.0");
  }

  @Test
  void theTimeOfAPassIsTakenFromEachStatus() {
    publish();
    willShow("understudy_loop_pass_seconds_bucket{le=\"0.005\"} 1");
    shows("understudy_loop_pass_seconds_bucket{le=\"0.001\"} 0");
  }

  @Test
  void aWaitForTheNextTimeStepIsMeasuredFromItsBeginningToItsEnd() {
    cluster.cell(A, Phase.LOGGING_IN, 1).reason(A, "CodeStepAwaited", "waits");
    publish();
    cluster.after(Duration.ofSeconds(12));
    publish();
    cluster.after(Duration.ofSeconds(5)).reason(A, "CodeGranted", "submits a one-time code");
    publish();
    willShow("understudy_login_totp_wait_seconds_sum{gateway=\"live\"} 17.0");
    shows("understudy_login_totp_wait_seconds_count{gateway=\"live\"} 1");
  }

  @Test
  void peersHaveTheTimeSinceTheyLastSpoke() {
    shows("understudy_peer_last_contact_seconds{node=\"b\"} 0.4");
  }

  @Test
  void theProcessItselfIsMeasured() {
    assertThat(metrics.scrape(ScrapeFormat.TEXT))
        .contains("jvm_memory_used_bytes", "jvm_threads_live_threads", "jvm_gc_");
  }

  @Test
  void nothingListensAnyMoreAfterTheEnd() {
    metrics.close();
    assertThat(control.listeners()).isZero();
  }
}
