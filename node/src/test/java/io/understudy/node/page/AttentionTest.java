package io.understudy.node.page;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.api.ClusterView;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.SampleDrill;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person is told, and that nothing is said when all is well. */
class AttentionTest {
  private final ClusterScript cluster = new ClusterScript();

  @BeforeEach
  void serve() {
    cluster.cell(A, Phase.SERVING, 7).elected(A, B).claimed(7).custody(A, 7);
  }

  private ImmutableList<String> said() {
    NodeStatus status = cluster.status();
    return Attention.of(ClusterView.of(status, ImmutableMap.of()), status).stream()
        .map(note -> note.level() + " " + note.about() + ": " + note.sentence())
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void aHealthyClusterWantsNothing() {
    assertThat(said()).isEmpty();
  }

  @Test
  void aLostStandbyIsAWarningAndServiceGoesOn() {
    cluster.gone(B);
    assertThat(said())
        .containsExactly(
            "WARNING b: the node has no record in coordination: it is down or cut off",
            "WARNING live: nobody could take over now, no other node is there");
  }

  @Test
  void aPersonWhoIsNeededComesFirst() {
    cluster
        .cell(A, Phase.NEEDS_OPERATOR, 7)
        .reason(A, "PositionsDiffer", "1 of 2 positions differ")
        .gone(B);
    assertThat(said().getFirst())
        .isEqualTo("CRITICAL live: a needs a person: 1 of 2 positions differ");
  }

  @Test
  void aTakeoverThatIsUnderWayIsNotAnAlarm() {
    cluster.cell(A, Phase.LOGGING_IN, 7);
    assertThat(said()).containsExactly("WARNING live: a takes over: the cell is LOGGING_IN");
  }

  @Test
  void aDrillIsSaidWhileItIsUnderWay() {
    Instant begin = Instant.parse("2026-11-20T12:00:00Z");
    cluster.drill(SampleDrill.of("drill-1", DrillStage.FAULT, begin));
    assertThat(said())
        .containsExactly(
            "INFO live: a crash drill is under way until 2026-11-20T12:15:00Z at the latest: it is"
                + " as it is; `understudy drill abort` ends it");
    cluster.drill(SampleDrill.of("drill-1", DrillStage.PASSED, begin));
    assertThat(said()).isEmpty();
  }

  @Test
  void nobodyWhoLeadsIsAnAlarm() {
    cluster.cell(A, Phase.STANDBY, 0).elected();
    assertThat(said()).containsExactly("CRITICAL live: nobody serves it, nobody leads");
  }

  @Test
  void twoThatServeAreAnAlarm() {
    cluster.cell(B, Phase.SERVING, 8);
    assertThat(said()).contains("CRITICAL live: 2 nodes say that they serve it");
  }

  @Test
  void theWishesOfOperatorsAreSaidWithTheirEnd() {
    cluster.gate(A, false).directives(d -> d.withTradingHalted(true));
    assertThat(said())
        .containsExactly(
            "WARNING live: trading is halted by an operator: `understudy unhalt` ends that");
    cluster.gate(A, true).directives(d -> d.withTradingHalted(false).withPaused(true));
    assertThat(said())
        .containsExactly(
            "WARNING live: automation is paused, nobody takes over: `understudy resume` ends that");
  }

  @Test
  void aLockIsSaidWithItsReason() {
    cluster.ledger(LoginLedger.EMPTY.locked(Instant.MAX, "3 failures in a row"));
    assertThat(said())
        .containsExactly(
            "CRITICAL live: logins are locked until `understudy unlock`: 3 failures in a row");
  }

  @Test
  void somebodyElsesSessionIsSaid() {
    cluster.session(A, SessionState.COMPETING);
    assertThat(said()).containsExactly("WARNING live: somebody else uses the login that a holds");
  }

  @Test
  void aNodeWithoutQuorumSaysThatItKnowsOnlyTheLast() {
    cluster.connected(false);
    assertThat(said().getFirst()).startsWith("CRITICAL a: coordination does not answer");
  }

  @Test
  void aCodeThatIsAwaitedIsSaid() {
    cluster.codeRequested(true);
    assertThat(said())
        .containsExactly(
            "CRITICAL live: the login waits for a one-time code: give it with `understudy login`");
  }

  @Test
  void whatDoesNotFitTogetherBetweenNodesIsSaid() {
    cluster.peer(
        peer(
            new PeerCondition(PeerCondition.Type.VERSION_SKEW, "it runs 0.2.0"),
            new PeerCondition(PeerCondition.Type.SPLIT_VIEW, "it says that b leads live")));
    assertThat(said())
        .containsExactly("CRITICAL b: it says that b leads live", "INFO b: it runs 0.2.0");
  }

  @Test
  void aServerThatIsDownIsAWarningAndAMajorityIsAnAlarm() {
    ServerView up = new ServerView("10.77.0.1:2281", true, "leader");
    ServerView down = new ServerView("10.77.0.2:2281", false, "it does not answer");
    cluster.servers(up, up, down);
    assertThat(said())
        .containsExactly(
            "WARNING coordination: the server 10.77.0.2:2281 takes no part: it does not answer");
    cluster.servers(up, down, down);
    assertThat(said()).hasSize(2).allMatch(note -> note.startsWith("CRITICAL coordination"));
  }

  private static PeerView peer(PeerCondition... conditions) {
    return new PeerView(
        B,
        true,
        Instant.parse("2026-11-20T12:00:00Z"),
        Optional.of(Duration.ofMillis(11)),
        Optional.of(Duration.ofMillis(-3)),
        Optional.empty(),
        Optional.of("0.2.0"),
        ImmutableList.copyOf(conditions));
  }
}
