package io.understudy.node.core.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A node watches its peer b, with a probe a second. */
class PeerWatchTest {
  private static final NodeId B = new NodeId("b");
  private static final GatewayId LIVE = new GatewayId("live");
  private static final InstanceId LIFE = new InstanceId("life-1");
  private static final Instant BEGUN = Instant.parse("2026-11-20T12:00:00Z");

  private int seconds;
  private PeerWatch watch = PeerWatch.begun(B, "10.77.0.2:7443", BEGUN);
  private Surroundings here = surroundings(true, Optional.of(LIFE), sight("a", 7, 7));
  private PeerReport report = report(true, sight("a", 7, 0));
  private Duration roundTrip = Duration.ofMillis(10);
  private Duration offset = Duration.ZERO;
  private TunnelSight tunnel = new TunnelSight.Unreadable();

  private static GatewaySight sight(String leader, long epoch, long actsUnder) {
    return new GatewaySight(
        LIVE, Optional.of(new NodeId(leader)), new Epoch(epoch), new Epoch(actsUnder));
  }

  private static Surroundings surroundings(
      boolean connected, Optional<InstanceId> registered, GatewaySight live) {
    return new Surroundings(
        connected, registered, "0.1.0", Duration.ofSeconds(2), ImmutableList.of(live));
  }

  private static PeerReport report(boolean connected, GatewaySight live) {
    return new PeerReport(Optional.of(LIFE), "0.1.0", connected, ImmutableList.of(live));
  }

  private Now now() {
    return new Now(
        BEGUN.plusSeconds(seconds), new MonotonicTime(Duration.ofSeconds(seconds).toNanos()));
  }

  private void probe(Optional<PeerAnswer> answer) {
    PeerProbe probe = new PeerProbe(now().monotonic(), answer, tunnel);
    seconds++;
    watch = watch.probed(probe, now()).judged(here, now());
  }

  private void answered(int times) {
    for (int i = 0; i < times; i++) {
      probe(Optional.of(new PeerAnswer(report, roundTrip, offset)));
    }
  }

  private void lost(int times) {
    for (int i = 0; i < times; i++) {
      probe(Optional.empty());
    }
  }

  private ImmutableList<PeerCondition.Type> conditions() {
    return watch.view(now().wall()).conditions().stream()
        .map(PeerCondition::type)
        .collect(ImmutableList.toImmutableList());
  }

  private String sentence() {
    return watch.view(now().wall()).conditions().getFirst().sentence();
  }

  @Test
  void aPeerOfWhichNothingIsWrongHasNoCondition() {
    answered(100);
    assertThat(conditions()).isEmpty();
    PeerView view = watch.view(now().wall());
    assertThat(view.reachable()).isTrue();
    assertThat(view.since()).isEqualTo(BEGUN.plusSeconds(1));
    assertThat(view.roundTrip()).contains(Duration.ofMillis(10));
    assertThat(view.version()).contains("0.1.0");
    assertThat(view.handshakeAge()).isEmpty();
  }

  @Test
  void aLostProbeIsNeitherNewsNorACondition() {
    answered(5);
    lost(2);
    assertThat(watch.reachable()).isTrue();
    answered(1);
    lost(2);
    assertThat(watch.reachable()).isTrue();
    assertThat(conditions()).isEmpty();
  }

  @Test
  void aPeerThatIsRegisteredAndDoesNotAnswerThreeTimesIsUnreachable() {
    answered(5);
    lost(3);
    assertThat(watch.view(now().wall()).reachable()).isFalse();
    assertThat(watch.view(now().wall()).since()).isEqualTo(now().wall());
    assertThat(conditions()).containsExactly(PeerCondition.Type.PEER_UNREACHABLE_BUT_REGISTERED);
    assertThat(sentence()).contains("node b does not answer at 10.77.0.2:7443");
  }

  @Test
  void thatAPeerIsUnreachableIsOverSoonAfterItAnswersAgain() {
    lost(3);
    answered(3);
    assertThat(conditions()).containsExactly(PeerCondition.Type.PEER_UNREACHABLE_BUT_REGISTERED);
    answered(1);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void aFirstProbeThatIsLostMakesNoCondition() {
    lost(2);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void aPeerThatIsNotRegisteredEitherIsAwayAndNoContradiction() {
    here = surroundings(true, Optional.empty(), sight("a", 7, 7));
    lost(30);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void withoutCoordinationNobodyIsSaidToBeRegistered() {
    here = surroundings(false, Optional.of(LIFE), sight("a", 7, 7));
    lost(30);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void aPeerThatAnswersAndHasNoRecordHereIsRegisteredElsewhere() {
    here = surroundings(true, Optional.empty(), sight("a", 7, 7));
    answered(15);
    assertThat(conditions()).isEmpty();
    answered(1);
    assertThat(conditions()).containsExactly(PeerCondition.Type.PEER_REGISTERED_ELSEWHERE);
    assertThat(sentence()).contains("has no record there");
  }

  @Test
  void twoProcessesUnderOneNameAreTold() {
    here = surroundings(true, Optional.of(new InstanceId("life-2")), sight("a", 7, 7));
    answered(20);
    assertThat(conditions()).containsExactly(PeerCondition.Type.PEER_REGISTERED_ELSEWHERE);
    assertThat(sentence()).startsWith("another process is registered as node b");
  }

  @Test
  void aPeerThatHasNoQuorumItselfIsNotRegisteredElsewhere() {
    here = surroundings(true, Optional.empty(), sight("a", 7, 7));
    report = report(false, sight("a", 7, 0));
    answered(60);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void aClockThatIsAheadForSomeSecondsIsSkewed() {
    offset = Duration.ofMillis(2_300);
    answered(5);
    assertThat(conditions()).isEmpty();
    answered(1);
    assertThat(conditions()).containsExactly(PeerCondition.Type.CLOCK_SKEW);
    assertThat(sentence()).contains("2.3 s ahead of this node's");
  }

  @Test
  void aPeerAtTheEndOfTimeIsSkewedAndNoFault() {
    for (Instant absurd : ImmutableList.of(Instant.MAX, Instant.MIN)) {
      watch = PeerWatch.begun(B, "10.77.0.2:7443", BEGUN);
      for (int i = 0; i < 6; i++) {
        probe(Optional.of(PeerAnswer.measured(report, BEGUN, roundTrip, absurd, absurd)));
      }
      assertThat(conditions()).containsExactly(PeerCondition.Type.CLOCK_SKEW);
      assertThat(watch.view(now().wall()).clockOffset().orElseThrow().abs())
          .isEqualTo(PeerAnswer.CLOCKS_APART_MAX);
    }
    PeerAnswer torn = PeerAnswer.measured(report, BEGUN, roundTrip, Instant.MAX, Instant.MIN);
    assertThat(torn.roundTrip()).isEqualTo(PeerAnswer.CLOCKS_APART_MAX);
    assertThat(torn.certainOffset()).isLessThanOrEqualTo(PeerAnswer.CLOCKS_APART_MAX);
  }

  @Test
  void aSentenceIsTheSameWhateverTheLanguageOfTheMachine() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      offset = Duration.ofMillis(2_300);
      answered(6);
      assertThat(sentence()).contains("is 2.3 s ahead");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aSkewedClockIsOnlyRightAgainWhenItIsWellWithinTheLimit() {
    offset = Duration.ofSeconds(-3);
    answered(10);
    offset = Duration.ofMillis(-1_500);
    answered(30);
    assertThat(conditions()).containsExactly(PeerCondition.Type.CLOCK_SKEW);
    assertThat(sentence()).contains("3.0 s behind");
    offset = Duration.ofMillis(-100);
    answered(12);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void oneSlowProbeSaysNothingOfTheClock() {
    answered(10);
    roundTrip = Duration.ofSeconds(6);
    offset = Duration.ofSeconds(3);
    answered(7);
    assertThat(conditions()).isEmpty();
    assertThat(watch.view(now().wall()).clockOffset()).contains(Duration.ZERO);
  }

  @Test
  void aTunnelWhoseKeysRanOutIsStale() {
    tunnel = new TunnelSight.Handshake(BEGUN);
    answered(210);
    assertThat(conditions()).isEmpty();
    answered(6);
    assertThat(conditions()).containsExactly(PeerCondition.Type.TUNNEL_STALE);
    tunnel = new TunnelSight.Handshake(now().wall());
    answered(4);
    assertThat(conditions()).isEmpty();
    assertThat(watch.view(now().wall()).handshakeAge()).contains(Duration.ofSeconds(4));
  }

  @Test
  void aTunnelThatCanNoLongerBeReadIsNotStale() {
    tunnel = new TunnelSight.Handshake(BEGUN);
    answered(10);
    tunnel = new TunnelSight.Unreadable();
    answered(300);
    assertThat(conditions()).isEmpty();
    assertThat(watch.view(now().wall()).handshakeAge()).isEmpty();
  }

  @Test
  void aTunnelThatWasSetUpAnewAndHasNoHandshakeBecomesStale() {
    tunnel = new TunnelSight.Handshake(BEGUN);
    answered(10);
    tunnel = new TunnelSight.NoHandshake();
    answered(206);
    assertThat(conditions()).containsExactly(PeerCondition.Type.TUNNEL_STALE);
    watch = watch.registered("10.77.0.9:7443");
    answered(4);
    assertThat(conditions()).as("another address, another tunnel").isEmpty();
  }

  @Test
  void theTunnelToAPeerThatIsAwayAltogetherIsNotStale() {
    here = surroundings(true, Optional.empty(), sight("a", 7, 7));
    tunnel = new TunnelSight.Handshake(BEGUN);
    lost(300);
    assertThat(conditions()).isEmpty();
    here = surroundings(true, Optional.of(LIFE), sight("a", 7, 7));
    lost(6);
    assertThat(conditions()).contains(PeerCondition.Type.TUNNEL_STALE);
  }

  @Test
  void viewsThatDifferForAMomentAreATakeover() {
    report = report(true, sight("b", 8, 8));
    answered(4);
    here = surroundings(true, Optional.of(LIFE), sight("b", 8, 0));
    answered(10);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void viewsThatGoOnDifferingAreSplit() {
    report = report(true, sight("a", 8, 0));
    answered(6);
    assertThat(conditions()).containsExactly(PeerCondition.Type.SPLIT_VIEW);
    assertThat(sentence()).isEqualTo("of gateway live node b knows epoch 8, and this node epoch 7");
    report = report(true, sight("a", 7, 0));
    answered(4);
    assertThat(conditions()).isEmpty();
  }

  @Test
  void twoNodesThatBothActAreSplitWhateverCoordinationSays() {
    here = surroundings(false, Optional.of(LIFE), sight("a", 7, 7));
    report = report(false, sight("b", 6, 6));
    answered(6);
    assertThat(conditions()).containsExactly(PeerCondition.Type.SPLIT_VIEW);
    assertThat(sentence()).startsWith("both nodes act for gateway live");
  }

  @Test
  void aPeerThatActsUnderAnEpochOfThePastIsSplit() {
    here = surroundings(true, Optional.of(LIFE), sight("a", 7, 0));
    report = report(false, sight("b", 6, 6));
    answered(6);
    assertThat(conditions()).containsExactly(PeerCondition.Type.SPLIT_VIEW);
    assertThat(sentence()).contains("acts for gateway live under epoch 6, and epoch 7 was claimed");
  }

  @Test
  void anotherVersionIsToldWhenAnUpdateTakesLong() {
    report = new PeerReport(Optional.of(LIFE), "0.2.0", true, report.gateways());
    answered(60);
    assertThat(conditions()).isEmpty();
    answered(1);
    assertThat(conditions()).containsExactly(PeerCondition.Type.VERSION_SKEW);
  }

  @Test
  void ofAPeerThatNoLongerAnswersOnlyThatIsSaid() {
    report = report(true, sight("a", 8, 0));
    answered(6);
    lost(7);
    assertThat(conditions()).containsExactly(PeerCondition.Type.PEER_UNREACHABLE_BUT_REGISTERED);
    assertThat(watch.view(now().wall()).roundTrip()).isEmpty();
  }

  @Test
  void whatItSaidBeforeItsRecordWasGoneDoesNotCount() {
    report = report(false, sight("b", 6, 6));
    answered(1);
    watch = watch.gone(now().monotonic().plus(Duration.ofMillis(1)));
    assertThat(watch.actsUnregistered(LIVE)).isEmpty();
    seconds++;
    answered(1);
    assertThat(watch.actsUnregistered(LIVE)).contains(new Epoch(6));
    watch = watch.registered("10.77.0.2:7443");
    assertThat(watch.actsUnregistered(LIVE)).isEmpty();
  }
}
