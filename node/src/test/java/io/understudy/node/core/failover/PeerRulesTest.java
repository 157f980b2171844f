package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.GatewaySight;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.core.peers.PeerReport;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FakeCoordination;
import io.understudy.node.spi.FakeEnsemble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node a watches node b, which leads under epoch 1 and holds no custody. */
class PeerRulesTest {
  private static final NodeId B = new NodeId("b");
  private static final InstanceId LIFE = new InstanceId("life-b");
  private static final Epoch FIRST = Epoch.NONE.next();

  private FakeEnsemble ensemble;
  private FakeCoordination b;
  private OneNode node;

  @BeforeEach
  void begin() throws DriverException {
    ensemble = new FakeEnsemble(ImmutableList.of(OneNode.LIVE));
    node = OneNode.begun(ensemble, SecondFactorKind.TOTP);
    b = ensemble.driver();
    NodeRecord record =
        new NodeRecord(
            B,
            LIFE,
            "b:1",
            "test",
            node.now().wall(),
            Optional.of(Duration.ofSeconds(4)),
            ImmutableList.of());
    b.start(record, new Deaf(), Duration.ofSeconds(1));
    b.join(OneNode.LIVE);
    GatewayRecords records = b.read().gateways().values().iterator().next();
    GuardedWrite claim =
        new GuardedWrite(
            OneNode.LIVE,
            records.election().own().orElseThrow(),
            ImmutableList.of(),
            ImmutableList.of(
                new GuardedWrite.ClaimUpdate(
                    new Claim(FIRST, B, LIFE, record.at()), records.claim().version())),
            Optional.empty());
    assertThat(b.write(claim)).isEqualTo(GuardedWrite.Result.COMMITTED);
    node.ends(Effect.FenceGateway.class);
    node.waits(Duration.ofSeconds(2));
    assertThat(node.phase()).isEqualTo(Phase.STANDBY);
  }

  private static final class Deaf implements CoordinationDriver.Listener {
    @Override
    public void connectionChanged(CoordinationDriver.Connection connection) {
      // The test knows.
    }

    @Override
    public void changed() {
      // The test knows.
    }
  }

  private static Optional<PeerAnswer> answer(Epoch actsUnder) {
    GatewaySight live = new GatewaySight(OneNode.LIVE, Optional.of(B), FIRST, actsUnder);
    return Optional.of(
        new PeerAnswer(
            new PeerReport(Optional.of(LIFE), "test", true, ImmutableList.of(live)),
            Duration.ofMillis(5),
            Duration.ZERO));
  }

  /** So many probes, one a second. */
  private void probes(int times, Optional<PeerAnswer> answer) {
    for (int i = 0; i < times; i++) {
      node.probeEnds(answer);
      node.waits(Duration.ofSeconds(1));
    }
  }

  private ImmutableList<String> history() throws DriverException {
    return node.coordination().history(OneNode.LIVE, 100).reverse().stream()
        .map(HistoryEntry::kind)
        .collect(ImmutableList.toImmutableList());
  }

  private void takesOver() {
    ensemble.expire(b.session().orElseThrow());
    node.waits(Duration.ofSeconds(1));
    assertThat(node.phase()).isEqualTo(Phase.LOGGING_IN);
  }

  private Effect.ComparePositions comparesPositions() {
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    node.ends(Effect.StartGateway.class);
    node.gatewayIs(ProcessState.LISTENING, SessionState.ESTABLISHED);
    node.loginEnds(LoginResult.Kind.SUBMITTED);
    node.waits(Duration.ofMillis(500));
    assertThat(node.phase()).isEqualTo(Phase.RECONCILING);
    return node.asked(Effect.ComparePositions.class);
  }

  @Test
  void aPeerIsProbedOnceASecond() {
    Effect.ProbePeer probe = node.asked(Effect.ProbePeer.class);
    assertThat(probe.node()).isEqualTo(B);
    assertThat(probe.address()).isEqualTo("b:1");

    node.probeEnds(answer(FIRST));
    node.probeEnds(answer(FIRST));
    assertThat(node.asks(Effect.ProbePeer.class)).isFalse();
    node.waits(Duration.ofMillis(900));
    assertThat(node.asks(Effect.ProbePeer.class)).isFalse();
    node.waits(Duration.ofMillis(100));
    assertThat(node.asks(Effect.ProbePeer.class)).isTrue();
  }

  @Test
  void aProbeThatTakesLongIsTheOnlyOne() {
    Effect.ProbePeer probe = node.asked(Effect.ProbePeer.class);
    node.waits(Duration.ofSeconds(5));
    assertThat(node.asked(Effect.ProbePeer.class)).isEqualTo(probe);
    node.probeEnds(Optional.empty());
    assertThat(node.asked(Effect.ProbePeer.class)).isNotEqualTo(probe);
  }

  @Test
  void aPeerThatLosesItsRegistrationIsProbedAtOnce() {
    node.probeEnds(answer(FIRST));
    node.probeEnds(answer(FIRST));
    assertThat(node.asks(Effect.ProbePeer.class)).isFalse();
    ensemble.expire(b.session().orElseThrow());
    node.waits(Duration.ofMillis(50));
    assertThat(node.asks(Effect.ProbePeer.class)).isTrue();
  }

  @Test
  void aStandbyTakesOverFromALeaderThatSaysThatItServesAndComparesStrictly() throws Exception {
    probes(2, answer(FIRST));
    takesOver();
    node.probeEnds(answer(FIRST));
    node.waits(Duration.ofSeconds(1));
    node.probeEnds(answer(FIRST));
    assertThat(history()).containsOnlyOnce("FormerLeaderStillActs");

    assertThat(comparesPositions().strict()).isTrue();
    assertThat(node.cell().reason().sentence())
        .contains("node b still says that it acts, although its registration is gone");
  }

  @Test
  void aComparisonUnderWayIsMadeAgainStrictlyWhenTheFormerLeaderIsHeardOf() {
    takesOver();
    Effect.ComparePositions first = comparesPositions();
    assertThat(first.strict()).isFalse();

    node.probeEnds(Optional.empty());
    node.waits(Duration.ofSeconds(1));
    node.probeEnds(answer(FIRST));
    Effect.ComparePositions second = node.asked(Effect.ComparePositions.class);
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.strict()).isTrue();
  }

  @Test
  void aTakeoverFromALeaderThatSaysThatItStoppedIsAsAlways() throws DriverException {
    probes(2, answer(FIRST));
    takesOver();
    node.probeEnds(answer(Epoch.NONE));
    node.waits(Duration.ofSeconds(1));
    assertThat(history()).doesNotContain("FormerLeaderStillActs");
    assertThat(comparesPositions().strict()).isFalse();
    assertThat(node.cell().reason().sentence())
        .isEqualTo("session established, compares positions");
  }

  @Test
  void conditionsAndTheirEndStandInTheHistory() throws DriverException {
    probes(2, Optional.empty());
    assertThat(history()).doesNotContain("PeerUnreachableButRegistered");
    probes(1, Optional.empty());
    assertThat(history()).containsOnlyOnce("PeerUnreachableButRegistered");
    probes(59, Optional.empty());
    probes(5, answer(FIRST));
    assertThat(history())
        .containsOnlyOnce("PeerUnreachableButRegistered", "PeerUnreachableButRegisteredOver");
    assertThat(node.peer(B).watch().reachable()).isTrue();
  }

  @Test
  void aConditionThatComesAndGoesDoesNotFillTheHistory() throws DriverException {
    for (int i = 0; i < 10; i++) {
      probes(3, Optional.empty());
      probes(4, answer(FIRST));
    }
    assertThat(history().stream().filter(kind -> kind.startsWith("Peer"))).hasSizeBetween(1, 2);
  }

  @Test
  void aConditionThatComesAndGoesForHoursIsToldEverMoreRarely() {
    MonotonicTime begun = new MonotonicTime(0);
    WatchedPeer.Told told = WatchedPeer.Told.first(true, begun);
    List<Long> minutes = new ArrayList<>();
    for (int minute = 0; minute < 120; minute++) {
      MonotonicTime now = begun.plus(Duration.ofMinutes(minute));
      if (!now.isBefore(told.quietUntil())) {
        minutes.add((long) minute);
        told = told.next(!told.held(), now);
      }
    }
    assertThat(minutes).containsExactly(1L, 6L, 36L, 66L, 96L);

    MonotonicTime later = told.at().plus(Duration.ofHours(1));
    assertThat(told.next(true, later)).isEqualTo(WatchedPeer.Told.first(true, later));
  }

  @Test
  void anHourOfFlappingLeavesTheHistoryToPeople() throws DriverException {
    for (int i = 0; i < 60; i++) {
      probes(30, Optional.empty());
      probes(30, answer(FIRST));
    }
    assertThat(history().stream().filter(kind -> kind.startsWith("Peer"))).hasSizeBetween(3, 4);
  }
}
