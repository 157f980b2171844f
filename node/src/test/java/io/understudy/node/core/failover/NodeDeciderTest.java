package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.LoginAttempt.Verdict;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.spi.CoordinationDriver;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.FakeCoordination;
import io.understudy.node.spi.FakeEnsemble;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The rules one by one, each at the moment that it is there for. */
class NodeDeciderTest {
  private static final NodeId B = new NodeId("b");

  private FakeEnsemble ensemble;
  private OneNode node;

  @BeforeEach
  void begin() throws DriverException {
    ensemble = new FakeEnsemble(ImmutableList.of(OneNode.LIVE));
    node = OneNode.begun(ensemble, SecondFactorKind.TOTP);
  }

  /** Node b, registered, first in the election and with custody under epoch 1. */
  private FakeCoordination ledByB() throws DriverException {
    FakeCoordination b = ensemble.driver();
    NodeRecord record =
        new NodeRecord(
            B,
            new InstanceId("life-b"),
            "b:1",
            "test",
            node.now().wall(),
            Optional.of(Duration.ofSeconds(4)),
            ImmutableList.of());
    b.start(record, new Deaf(), Duration.ofSeconds(1));
    b.join(OneNode.LIVE);
    GatewayRecords records = b.read().gateways().values().iterator().next();
    Epoch first = Epoch.NONE.next();
    GuardedWrite write =
        new GuardedWrite(
            OneNode.LIVE,
            records.election().own().orElseThrow(),
            ImmutableList.of(),
            ImmutableList.of(
                new GuardedWrite.ClaimUpdate(
                    new Claim(first, B, record.instance(), record.at()), records.claim().version()),
                new GuardedWrite.CustodyUpdate(
                    Optional.of(new Custody(B, record.instance(), first, record.at())),
                    records.custody().version())),
            Optional.empty());
    assertThat(b.write(write)).isEqualTo(GuardedWrite.Result.COMMITTED);
    return b;
  }

  // ---- leadership

  @Test
  void aNewProcessFencesItsGatewayBeforeItStandsInTheElection() throws DriverException {
    node.waits(Duration.ofSeconds(3));

    assertThat(node.phase()).isEqualTo(Phase.SELF_FENCING);
    assertThat(node.records().election().candidates()).isEmpty();

    node.ends(Effect.FenceGateway.class);
    node.waits(Duration.ofSeconds(2));
    assertThat(node.records().election().candidates()).containsExactly(OneNode.A);
  }

  @Test
  void aFenceThatFailsIsTriedAgainAndNothingElseBegins() throws DriverException {
    node.fails(Effect.FenceGateway.class);
    node.waits(Duration.ofSeconds(1));

    assertThat(node.asks(Effect.FenceGateway.class)).isTrue();
    assertThat(node.records().election().candidates()).isEmpty();
  }

  @Test
  void standbyStartsNoLoginWhileAnotherNodeLeads() throws DriverException {
    FakeCoordination _ = ledByB();
    node.standsBy();
    node.waits(Duration.ofMinutes(2));

    assertThat(node.phase()).isEqualTo(Phase.STANDBY);
    assertThat(node.asks(Effect.Login.class)).isFalse();
    assertThat(node.records().claim().value().orElseThrow().node()).isEqualTo(B);
  }

  @Test
  void custodyIsOnRecordUnderTheNextEpochBeforeTheGatewayIsStarted() throws DriverException {
    node.standsBy();

    assertThat(node.asks(Effect.StartGateway.class)).isTrue();
    Custody custody = node.records().custody().value().orElseThrow();
    assertThat(custody.node()).isEqualTo(OneNode.A);
    assertThat(custody.epoch()).isEqualTo(new Epoch(1));
  }

  @Test
  void theFormerHolderIsCalledUntilItConfirmsOrItsSessionHasExpired() throws DriverException {
    FakeCoordination b = ledByB();
    node.standsBy();
    b.leave(OneNode.LIVE);
    node.pass();
    assertThat(node.phase()).isEqualTo(Phase.FENCING);

    for (int i = 0; i < 3; i++) {
      node.fails(Effect.CallFormerHolder.class);
      node.waits(Duration.ofSeconds(1));
      assertThat(node.phase()).isEqualTo(Phase.FENCING);
    }
    ensemble.expire(b.session().orElseThrow());
    node.fails(Effect.CallFormerHolder.class);
    assertThat(node.phase()).isEqualTo(Phase.LOGGING_IN);
    assertThat(node.cell().epoch()).isEqualTo(new Epoch(2));
  }

  @Test
  void suspendedIsNeutralUntilTheLeaseClockSaysOtherwise() {
    node.serves();
    node.coordination().disconnect();
    node.waits(Duration.ofMillis(1500));
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
    assertThat(node.cell().gate()).isInstanceOf(CellState.Open.class);

    MonotonicTime end = node.leaseEnd().orElseThrow();
    node.waits(end.since(node.now().monotonic()).minus(Duration.ofSeconds(1)));
    assertThat(node.phase()).isEqualTo(Phase.SELF_FENCING);
    assertThat(node.cell().gate()).isInstanceOf(CellState.Shut.class);
    assertThat(node.asks(Effect.FenceGateway.class)).isTrue();
    assertThat(node.now().monotonic().isBefore(end)).isTrue();
  }

  @Test
  void aConnectionThatComesBackInTimeCostsNothing() {
    node.serves();
    node.coordination().disconnect();
    node.waits(Duration.ofMillis(1500));
    node.coordination().reconnect();
    node.waits(Duration.ofSeconds(30));

    assertThat(node.phase()).isEqualTo(Phase.SERVING);
    assertThat(node.cell().gate()).isInstanceOf(CellState.Open.class);
  }

  @Test
  void aDeposedLeaderFencesAtOnce() {
    node.serves();
    ensemble.expire(node.coordination().session().orElseThrow());
    node.pass();

    assertThat(node.phase()).isEqualTo(Phase.SELF_FENCING);
    assertThat(node.cell().gate()).isInstanceOf(CellState.Shut.class);
    assertThat(node.asks(Effect.FenceGateway.class)).isTrue();
  }

  @Test
  void aNewLeadersRequestIsAnsweredOnlyWhenTheGatewayHasStopped() {
    node.serves();
    node.sees(new Observation.RelinquishRequested(7, B, OneNode.LIVE, new Epoch(2)));
    assertThat(node.phase()).isEqualTo(Phase.SELF_FENCING);
    assertThat(node.asks(Effect.AnswerRelinquish.class)).isFalse();

    node.ends(Effect.FenceGateway.class);
    assertThat(node.asked(Effect.AnswerRelinquish.class).refusal()).isEmpty();
  }

  @Test
  void aRequestOfALowerEpochIsRefused() {
    node.serves();
    node.sees(new Observation.RelinquishRequested(7, B, OneNode.LIVE, Epoch.NONE));

    assertThat(node.phase()).isEqualTo(Phase.SERVING);
    assertThat(node.asked(Effect.AnswerRelinquish.class).refusal()).isPresent();
  }

  // ---- logins

  @Test
  void anAttemptIsOnRecordAsOpenBeforeItIsMade() throws DriverException {
    node.logsIn();

    String attempt = node.asked(Effect.Login.class).permit().attemptId();
    assertThat(node.records().ledger().value().attempt(attempt).orElseThrow().verdict())
        .isEqualTo(Verdict.OPEN);
  }

  @Test
  void nothingIsSubmittedWhileCoordinationDoesNotAnswer() {
    node.standsBy();
    node.coordination().disconnect();
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    node.ends(Effect.StartGateway.class);
    node.waits(Duration.ofSeconds(1));

    assertThat(node.asks(Effect.Login.class)).isFalse();
  }

  @Test
  void aTimeStepIsOnRecordBeforeItsCodeIsGranted() throws DriverException {
    node.logsIn();
    Effect.Login login = node.asked(Effect.Login.class);
    node.coordination().loseAnswers();
    node.sees(new Observation.CodeRequested(login.id(), OneNode.LIVE, 1));
    assertThat(node.asks(Effect.GrantCode.class)).isFalse();

    node.coordination().reconnect();
    node.waits(Duration.ofMillis(500));
    TotpStep step = node.asked(Effect.GrantCode.class).step();
    assertThat(node.records().ledger().value().lastStep()).contains(step);
  }

  @Test
  void aSecondCodeIsOfALaterStepAndThereIsNoThird() {
    node.logsIn();
    Effect.Login login = node.asked(Effect.Login.class);
    node.sees(new Observation.CodeRequested(login.id(), OneNode.LIVE, 1));
    TotpStep first = node.asked(Effect.GrantCode.class).step();
    node.sees(new Observation.CodeRequested(login.id(), OneNode.LIVE, 2));
    node.waits(Duration.ofSeconds(20));
    assertThat(node.grants()).containsExactly(first);

    node.waits(Duration.ofSeconds(12));
    assertThat(node.grants()).containsExactly(first, first.next());
    node.sees(new Observation.CodeRequested(login.id(), OneNode.LIVE, 3));
    node.waits(Duration.ofSeconds(32));
    assertThat(node.grants()).hasSize(2);
    assertThat(node.asks(Effect.RefuseCode.class)).isTrue();
  }

  @Test
  void threeRefusedLoginsLockWithABackOffThatDoubles() throws DriverException {
    node.logsIn();
    node.loginEnds(LoginResult.Kind.CREDENTIALS_REFUSED);
    node.waits(Duration.ofSeconds(1));
    node.ends(Effect.StartGateway.class);
    node.waits(Duration.ofSeconds(28));
    assertThat(node.asks(Effect.Login.class)).isFalse();
    node.waits(Duration.ofSeconds(2));
    node.loginEnds(LoginResult.Kind.CREDENTIALS_REFUSED);
    node.waits(Duration.ofSeconds(1));
    node.ends(Effect.StartGateway.class);
    node.waits(Duration.ofSeconds(57));
    assertThat(node.asks(Effect.Login.class)).isFalse();
    node.waits(Duration.ofSeconds(3));
    node.loginEnds(LoginResult.Kind.CREDENTIALS_REFUSED);
    node.waits(Duration.ofSeconds(1));
    node.ends(Effect.StartGateway.class);
    node.waits(Duration.ofMinutes(10));

    assertThat(node.phase()).isEqualTo(Phase.NEEDS_OPERATOR);
    assertThat(node.asks(Effect.Login.class)).isFalse();
    assertThat(node.records().ledger().value().lockedUntil()).isPresent();
  }

  /** From then on it waits for another time, which other nodes are told. */
  @Test
  void aBackOffAfterALoginOfTheFutureIsLookedAtAgainWhenTheClockReachesIt() throws DriverException {
    node.logsIn();
    node.loginEnds(LoginResult.Kind.CREDENTIALS_REFUSED);
    node.waits(Duration.ofSeconds(1));
    node.ends(Effect.StartGateway.class);
    Instant attempt = node.records().ledger().value().attempts().getLast().at();

    node.clockIs(attempt.minusMillis(20));
    assertThat(node.record().reason().code()).isEqualTo("LoginBackoff");
    assertThat(node.rests()).isLessThanOrEqualTo(Duration.ofMillis(20));
  }

  @Test
  void aPageThatSaysSuccessDoesNotResetTheBudgetBeforeASessionIsSeen() throws DriverException {
    node.logsIn();
    String attempt = node.asked(Effect.Login.class).permit().attemptId();
    node.loginEnds(LoginResult.Kind.SUBMITTED);
    node.waits(Duration.ofSeconds(5));

    assertThat(node.phase()).isEqualTo(Phase.VERIFYING);
    assertThat(node.records().ledger().value().attempt(attempt).orElseThrow().verdict())
        .isEqualTo(Verdict.OPEN);
  }

  @Test
  void aHandOverDuringALoginWaitsForItsLastWordAndWritesItWithTheCustody() throws DriverException {
    node.logsIn();
    String attempt = node.asked(Effect.Login.class).permit().attemptId();
    node.wishes(Directives.NONE.withLoggedOut(true));
    node.ends(Effect.FenceGateway.class);
    assertThat(node.records().custody().value()).isPresent();

    node.loginEnds(LoginResult.Kind.ABANDONED);
    node.waits(Duration.ofMillis(100));
    assertThat(node.records().custody().value()).isEmpty();
    assertThat(node.records().ledger().value().attempt(attempt).orElseThrow().verdict())
        .isEqualTo(Verdict.NOT_SUBMITTED);
  }

  @Test
  void aLoginThatIsNeverHeardOfAgainCountsAsSubmitted() throws DriverException {
    node.logsIn();
    String attempt = node.asked(Effect.Login.class).permit().attemptId();
    node.wishes(Directives.NONE.withLoggedOut(true));
    node.ends(Effect.FenceGateway.class);
    node.waits(Duration.ofSeconds(3));

    assertThat(node.records().custody().value()).isEmpty();
    assertThat(node.records().ledger().value().attempt(attempt).orElseThrow().verdict())
        .isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aSessionThatSomebodyElseTookIsTakenBackOnlyAfterARenewal() {
    node.serves();
    node.coordination().loseAnswers();
    node.gatewayIs(ProcessState.LISTENING, SessionState.COMPETING);
    node.waits(Duration.ofMillis(1500));
    assertThat(node.asks(Effect.ReopenSession.class)).isFalse();

    node.coordination().reconnect();
    node.waits(Duration.ofSeconds(3));
    assertThat(node.asked(Effect.ReopenSession.class).compete()).isTrue();
  }

  // ---- the gate

  @Test
  void theGateOpensAfterPositionsAgreeAndNotBefore() {
    node.reconciles();
    assertThat(node.cell().gate()).isInstanceOf(CellState.Shut.class);

    node.compares();
    assertThat(node.cell().gate()).isInstanceOf(CellState.Open.class);
  }

  private void differs() {
    node.compares(
        new Discrepancy(
            "id", "U1", "265598", "STK", BigDecimal.TEN, BigDecimal.ONE, BigDecimal.ZERO));
    assertThat(node.phase()).isEqualTo(Phase.NEEDS_OPERATOR);
  }

  @Test
  void aSessionThatIsLostTwiceWhileAPersonLooksAtPositionsIsLeftToTheOther() {
    node.reconciles();
    differs();
    node.gatewayIs(ProcessState.LISTENING, SessionState.COMPETING);
    node.waits(Duration.ofSeconds(4));
    assertThat(node.phase()).isEqualTo(Phase.VERIFYING);
    node.gatewayIs(ProcessState.LISTENING, SessionState.ESTABLISHED);
    node.ends(Effect.ReopenSession.class);
    node.waits(Duration.ofSeconds(2));
    differs();
    node.gatewayIs(ProcessState.LISTENING, SessionState.COMPETING);
    node.waits(Duration.ofSeconds(4));

    assertThat(node.phase()).isEqualTo(Phase.NEEDS_OPERATOR);
    assertThat(node.cell().reason().code()).isEqualTo("CompetingSession");
    assertThat(node.asks(Effect.ReopenSession.class)).isFalse();
  }

  @Test
  void aDiscrepancyKeepsTheGateShut() {
    node.reconciles();
    differs();
    node.waits(Duration.ofMinutes(1));

    assertThat(node.phase()).isEqualTo(Phase.NEEDS_OPERATOR);
    assertThat(node.cell().gate()).isInstanceOf(CellState.Shut.class);
  }

  @Test
  void aTradingHaltShutsTheGateAndKeepsTheSession() throws DriverException {
    node.serves();
    node.wishes(Directives.NONE.withTradingHalted(true));

    assertThat(node.cell().gate()).isInstanceOf(CellState.Shut.class);
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
    node.wishes(Directives.NONE);
    assertThat(node.cell().gate()).isInstanceOf(CellState.Open.class);
  }

  @Test
  void theGateIsShownOpenUntilItsShuttingIsConfirmed() throws DriverException {
    node.serves();
    node.relayIsSlow();
    node.wishes(Directives.NONE.withTradingHalted(true));

    assertThat(node.cell().gate()).isInstanceOf(CellState.Shutting.class);
    assertThat(node.record().gateOpen()).isTrue();
    node.ends(Effect.ShutRelay.class);
    assertThat(node.record().gateOpen()).isFalse();
  }

  // ---- level-driven

  @Test
  void decidingTwiceOnTheSameInputAsksForNothingNew() {
    node.serves();

    assertThat(node.decidedAgain()).isEmpty();
  }

  /** Node b is played by the test, which needs no telling. */
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
}
