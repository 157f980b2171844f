package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.Code;
import io.understudy.controller.Clusters;
import io.understudy.controller.FakeControlPlane;
import io.understudy.controller.Golden;
import io.understudy.controller.Harness;
import io.understudy.v1.Cluster;
import io.understudy.v1.Condition;
import io.understudy.v1.ConditionStatus;
import io.understudy.v1.CoordinationServer;
import io.understudy.v1.Directives;
import io.understudy.v1.Discrepancy;
import io.understudy.v1.Gateway;
import io.understudy.v1.LoginBudget;
import io.understudy.v1.PeerLink;
import io.understudy.v1.Phase;
import io.understudy.v1.Reconciliation;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatusVerbTest {
  private Harness harness;

  @BeforeEach
  void start(@TempDir Path home) {
    harness = new Harness(home);
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void aServingClusterIsShownAsATableAndEndsWithZero() {
    harness.node("127.0.0.1:7101", Clusters.serving());
    Harness.Run run = harness.run("status");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo(Golden.text("status-serving.txt"));
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void aClusterInTroubleSaysWhatIsWrongAndEndsWithThree() {
    harness.node("127.0.0.1:7101", inTrouble());
    Harness.Run run = harness.run("status");
    assertThat(run.out()).isEqualTo(Golden.text("status-trouble.txt"));
    assertThat(run.exitCode()).isEqualTo(3);
  }

  @Test
  void whatTheProbesSayStandsBelowAndIsNoReasonToFail() {
    Cluster.Builder cluster = Clusters.serving().toBuilder();
    cluster
        .getNodesBuilder(1)
        .setLink(
            PeerLink.newBuilder()
                .setReachable(true)
                .setRoundTrip(Clusters.millis(12))
                .setClockOffset(Clusters.millis(2_300))
                .setHandshakeAge(Clusters.millis(48_000)))
        .addConditions(
            Condition.newBuilder()
                .setType("ClockSkew")
                .setStatus(ConditionStatus.CONDITION_STATUS_TRUE)
                .setReason(Clusters.why("ClockSkew", "the clock of node b is 2.3 s ahead")));
    cluster.addServers(
        CoordinationServer.newBuilder().setServer("10.77.0.1:2281").setUp(true).setMode("leader"));
    cluster.addServers(
        CoordinationServer.newBuilder()
            .setServer("10.77.0.3:2281")
            .setMode("does not answer: timeout"));
    harness.node("127.0.0.1:7101", cluster.build());
    Harness.Run run = harness.run("status");
    assertThat(run.out())
        .contains(
            "  peers    b answers, round trip 12 ms, clock 2.3 s ahead, tunnel handshake 48 s ago",
            "  servers  1 of 2 up: 10.77.0.1:2281 leader, 10.77.0.3:2281 does not answer: timeout",
            "Warning: ClockSkew: the clock of node b is 2.3 s ahead",
            "Warning: coordination server 10.77.0.3:2281 does not answer: timeout");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void onANarrowScreenTheLastColumnIsBroken() {
    harness.node("127.0.0.1:7101", Clusters.serving());
    harness.terminal.screen = true;
    harness.terminal.columns = Optional.of(100);
    harness.variables.put("NO_COLOR", "1");
    Harness.Run run = harness.run("status");
    assertThat(run.out()).isEqualTo(Golden.text("status-narrow.txt"));
  }

  @Test
  void coloursAreForScreensAndEndWithNoColor() {
    harness.node("127.0.0.1:7101", Clusters.serving());
    assertThat(harness.run("status").out()).doesNotContain("\u001b");
    harness.terminal.screen = true;
    assertThat(harness.run("status").out()).contains("\u001b[32mSERVING\u001b[0m");
    harness.variables.put("NO_COLOR", "1");
    assertThat(harness.run("status").out()).doesNotContain("\u001b");
  }

  @Test
  void jsonIsTheProtoFormWithAllFields() throws InvalidProtocolBufferException {
    harness.node("127.0.0.1:7101", Clusters.serving());
    Harness.Run run = harness.run("status", "-o", "json");
    Cluster.Builder read = Cluster.newBuilder();
    JsonFormat.parser().merge(run.out(), read);
    assertThat(read.build()).isEqualTo(Clusters.serving());
    assertThat(run.out()).contains("\"gateOpen\": false");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void yamlHoldsTheSame() {
    harness.node("127.0.0.1:7101", Clusters.serving());
    Harness.Run run = harness.run("status", "-o", "yaml");
    assertThat(run.out())
        .contains("answeredBy: a\n")
        .contains("phase: PHASE_SERVING\n")
        .contains("leaseRemaining: 4.820s\n");
  }

  @Test
  void anOptionOfTheRootMayStandBeforeTheVerb() {
    harness.node("127.0.0.1:7101", Clusters.serving());
    assertThat(harness.run("-o", "json", "status").out()).startsWith("{");
  }

  @Test
  void onlyTheNamedGatewayIsShown() {
    harness.node("127.0.0.1:7101", Clusters.twoGateways());
    assertThat(harness.run("status").out()).contains("│ live ").contains("│ paper ");
    assertThat(harness.run("status", "-g", "paper").out())
        .doesNotContain("│ live ")
        .contains("│ paper ");
  }

  @Test
  void aMistypedGatewayIsAnsweredWithTheNearest() {
    harness.node("127.0.0.1:7101", Clusters.twoGateways());
    Harness.Run run = harness.run("status", "-g", "papre");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "understudy: Cluster demo has no gateway papre (nearest: paper); it has live, paper.\n");
  }

  @Test
  void aDeadNodeIsSkippedWithANoteWhenVerbose() {
    harness.node("127.0.0.1:7101", Clusters.serving());
    harness.node("127.0.0.1:7102", Clusters.serving());
    harness.kill("127.0.0.1:7101");
    assertThat(harness.run("status").err()).isEmpty();
    Harness.Run run = harness.run("status", "-v");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).startsWith("understudy: Skipped: ").contains("127.0.0.1:7101");
  }

  @Test
  void aSilentNodeIsOvertakenByTheNext() {
    harness.node("127.0.0.1:7101", Clusters.serving()).ignoreReads();
    harness.node("127.0.0.1:7102", Clusters.serving());
    assertThat(harness.run("status").exitCode()).isZero();
  }

  @Test
  void whenNobodyAnswersEachEndpointIsNamedAndTheCodeIsFive() {
    harness.node("127.0.0.1:7101", Clusters.serving());
    harness.node("127.0.0.1:7102", Clusters.serving()).ignoreReads();
    harness.kill("127.0.0.1:7101");
    Harness.Run run = harness.run("status", "--timeout", "300ms");
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("understudy: unreachable (UNREACHABLE): No node of context demo answers: ")
        .contains("127.0.0.1:7101", "127.0.0.1:7102 did not answer within 300 ms");
  }

  @Test
  void anAnswerWithQuorumIsPreferredToAStaleOne() {
    harness.node("127.0.0.1:7101", stale());
    harness.node("127.0.0.1:7102", Clusters.serving());
    Harness.Run run = harness.run("status");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).doesNotContain("STALE");
  }

  @Test
  void aStaleAnswerIsBetterThanNoneAndIsDegraded() {
    harness.node("127.0.0.1:7101", stale());
    harness.node("127.0.0.1:7102", Clusters.serving());
    harness.kill("127.0.0.1:7102");
    Harness.Run run = harness.run("status");
    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out())
        .contains("STALE")
        .contains("Degraded: a has no quorum; this is what it knew 42 s ago");
  }

  @Test
  void aNodeThatRefusesToAnswerSaysWhy() {
    FakeControlPlane node = harness.node("127.0.0.1:7101", Clusters.serving());
    node.refuseReads(
        FakeControlPlane.error(
            Code.PERMISSION_DENIED, "PERMISSION_DENIED", "role node may not read", Map.of()));
    Harness.Run run = harness.run("status", "-o", "json");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("operator.crt may not do this: role node may not read");
    assertThat(run.out()).contains("\"reason\": \"PERMISSION_DENIED\"");
  }

  @Test
  void aReadyStandbyCouldTakeOver() {
    assertThat(takeover(Clusters.serving())).isEqualTo("b could take over now");
  }

  @Test
  void aPauseHoldsAReadyStandbyBack() {
    Cluster.Builder paused = Clusters.serving().toBuilder();
    paused.getGatewaysBuilder(0).setDirectives(Directives.newBuilder().setPaused(true));
    assertThat(takeover(paused.build())).isEqualTo("b is ready, and waits for a command: paused");
  }

  @Test
  void lockedLoginsHoldAReadyStandbyBack() {
    Cluster.Builder locked = Clusters.serving().toBuilder();
    locked
        .getGatewaysBuilder(0)
        .getLoginBudgetBuilder()
        .setLockedUntil(Clusters.at(Clusters.NOW.plusSeconds(3600)));
    assertThat(takeover(locked.build()))
        .isEqualTo("b is ready, and cannot log in: logins are locked");
  }

  @Test
  void aNodeWithoutAQuorumKnowsOfNoTakeover() {
    assertThat(takeover(stale())).isEqualTo("not known: a has no quorum");
  }

  @Test
  void aLogoutHoldsAReadyStandbyBack() {
    assertThat(takeover(Clusters.loggedOut()))
        .isEqualTo("b is ready, and waits for a login: logged out");
  }

  private String takeover(Cluster cluster) {
    harness.node("127.0.0.1:7101", cluster);
    return harness
        .run("status")
        .out()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("takeover"))
        .map(line -> line.replaceFirst("takeover *", ""))
        .collect(Collectors.joining());
  }

  private static Cluster stale() {
    return Clusters.serving().toBuilder().setStale(true).setAge(Clusters.millis(42_000)).build();
  }

  private static Cluster inTrouble() {
    Cluster.Builder cluster = Clusters.serving().toBuilder();
    cluster.getNodesBuilder(1).setRegistered(false).setLastContact(Clusters.millis(75_000));
    Gateway.Builder live = cluster.getGatewaysBuilder(0).removeCells(1);
    live.setDirectives(Directives.newBuilder().setPaused(true).setSwitchoverTo("b"));
    live.setLoginBudget(
        LoginBudget.newBuilder()
            .setFailuresInRow(3)
            .setFailuresMax(3)
            .setLockedUntil(Clusters.at(Clusters.NOW.plusSeconds(86400L * 36500)))
            .setLockReason("three failed logins in a row"));
    live.clearLastLogin().clearLastTransition();
    live.getCellsBuilder(0)
        .setPhase(Phase.PHASE_NEEDS_OPERATOR)
        .setGateOpen(false)
        .setWhy(Clusters.why("Discrepancy", "positions differ, an operator has to look"))
        .setReconciliation(
            Reconciliation.newBuilder()
                .setCompared(14)
                .addDiscrepancies(
                    Discrepancy.newBuilder()
                        .setId("d1")
                        .setAccount("DU1")
                        .setInstrument("AAPL")
                        .setExpected("100")
                        .setActual("90")
                        .setTolerance("0")));
    return cluster.build();
  }
}
