package io.understudy.node.api;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static io.understudy.node.testing.ClusterScript.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.api.Verdict.Ending;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer.Accepted;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Directives.Switchover;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import io.understudy.node.testing.ClusterScript;
import io.understudy.v1.Result.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoalsTest {
  private static final Command.Meta META =
      new Command.Meta(LIVE, "r1", Epoch.NONE, "why", "olga", false);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ClusterScript cluster = new ClusterScript();
  private GatewayView before = view();
  private Optional<Switchover> switchover = Optional.empty();
  private boolean compares;

  private GatewayView view() {
    return GatewayView.of(cluster.status(), LIVE);
  }

  /** What was told so far is what was seen before the command. */
  private void commandComes() {
    before = view();
    cluster.after(SECOND);
  }

  private Verdict judge(Command command, long acceptedEpoch) {
    GatewayView now = view();
    now.directives().switchover().ifPresent(seen -> switchover = Optional.of(seen));
    compares |= now.leading().filter(Goals::comparing).isPresent();
    Accepted accepted = new Accepted(command, new Epoch(acceptedEpoch), false, "accepted");
    return Goals.judge(new Goals.Facts(accepted, before, now, switchover, compares));
  }

  private static Ending reached(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Reached.class);
    return ((Verdict.Reached) verdict).ending();
  }

  private static Ending settling(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Verdict.Settling.class);
    return ((Verdict.Settling) verdict).ending();
  }

  private static void runs(Verdict verdict) {
    assertThat(verdict).isEqualTo(Verdict.RUNNING);
  }

  private ClusterScript serving(NodeId node, long epoch) {
    return cluster
        .elected(node, node.equals(A) ? B : A)
        .claimed(epoch)
        .custody(node, epoch)
        .cell(node, Phase.SERVING, epoch);
  }

  // ---- login

  @Test
  void aLoginRunsThroughEveryPhaseUntilACellServes() {
    Command login = new Command.Login(META);
    cluster.elected(A, B);
    commandComes();
    for (Phase phase :
        ImmutableList.of(
            Phase.STANDBY,
            Phase.CLAIMING,
            Phase.FENCING,
            Phase.LOGGING_IN,
            Phase.VERIFYING,
            Phase.RECONCILING)) {
      cluster.after(SECOND).cell(A, phase, 1);
      runs(judge(login, 0));
    }
    cluster.after(SECOND).cell(A, Phase.SERVING, 1);
    Ending ending = reached(judge(login, 0));
    assertThat(ending.outcome()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(ending.epoch()).isEqualTo(new Epoch(1));
    assertThat(ending.sentence()).isEqualTo("a serves live under epoch 1");
  }

  @Test
  void aLoginThatCredentialsStopFailsAndOneThatPositionsStopIsDegraded() {
    commandComes();
    cluster.cell(A, Phase.NEEDS_OPERATOR, 1);
    assertThat(reached(judge(new Command.Login(META), 0)).outcome())
        .isEqualTo(Outcome.OUTCOME_FAILED);
    cluster.session(A, SessionState.ESTABLISHED);
    assertThat(reached(judge(new Command.Login(META), 0)).outcome())
        .isEqualTo(Outcome.OUTCOME_DEGRADED);
  }

  @Test
  void aLoginIsNotJudgedByATroubleThatIsOlderThanTheCommand() {
    cluster.cell(A, Phase.NEEDS_OPERATOR, 1);
    commandComes();
    runs(judge(new Command.Login(META), 1));
    cluster.accepted("r1");
    assertThat(settling(judge(new Command.Login(META), 1)).outcome())
        .isEqualTo(Outcome.OUTCOME_FAILED);
    cluster.after(SECOND).cell(A, Phase.NEEDS_OPERATOR, 1);
    assertThat(reached(judge(new Command.Login(META), 1)).sentence())
        .contains("needs a person", "the cell is NEEDS_OPERATOR");
  }

  @Test
  void aLoginWhileTradingIsHaltedIsDoneAndSaysThatTheGateIsShut() {
    commandComes();
    serving(A, 1).gate(A, false).directives(d -> d.withTradingHalted(true));
    assertThat(reached(judge(new Command.Login(META), 0)).sentence()).contains("gate is shut");
  }

  @Test
  void aLoginGivesTheGateAMomentToOpen() {
    commandComes();
    serving(A, 1).gate(A, false);
    assertThat(settling(judge(new Command.Login(META), 0)).sentence()).contains("gate is shut");
    cluster.gate(A, true);
    assertThat(reached(judge(new Command.Login(META), 0)).sentence()).doesNotContain("gate");
  }

  @Test
  void aLoginThatALogoutCountermandsEnds() {
    commandComes();
    cluster.accepted("r1").directives(d -> d.withLoggedOut(true));
    assertThat(settling(judge(new Command.Login(META), 0)).sentence()).contains("logout");
  }

  // ---- logout

  @Test
  void aLogoutIsDoneWhenNobodyHasCustodyAndNoCellMayHoldASession() {
    Command logout = new Command.Logout(META);
    serving(A, 1);
    commandComes();
    runs(judge(logout, 1));
    cluster.accepted("r1").directives(d -> d.withLoggedOut(true));
    runs(judge(logout, 1));
    cluster.cell(A, Phase.CEDING, 1);
    runs(judge(logout, 1));
    cluster.cell(A, Phase.STANDBY, 1);
    runs(judge(logout, 1));
    cluster.noCustody();
    assertThat(reached(judge(logout, 1)).outcome()).isEqualTo(Outcome.OUTCOME_DONE);
  }

  @Test
  void aLogoutThatALoginCountermandsFails() {
    serving(A, 1);
    commandComes();
    cluster.accepted("r1");
    assertThat(settling(judge(new Command.Logout(META), 1)).outcome())
        .isEqualTo(Outcome.OUTCOME_FAILED);
  }

  // ---- failover

  private static Command failover() {
    return new Command.Failover(META, Optional.empty(), false);
  }

  private void switchoverIsAccepted() {
    cluster.accepted("r1").switchover(A, B, 7, "r1");
  }

  private void switchoverIsCleared() {
    cluster.directives(d -> d.withSwitchover(Optional.empty()));
  }

  @Test
  void aFailoverIsDoneWhenTheOtherNodeServesUnderALaterEpoch() {
    serving(A, 7);
    commandComes();
    runs(judge(failover(), 7));
    switchoverIsAccepted();
    runs(judge(failover(), 7));
    cluster.cell(A, Phase.CEDING, 7);
    runs(judge(failover(), 7));
    cluster.cell(A, Phase.STANDBY, 7).noCustody().elected(B, A).claimed(8);
    runs(judge(failover(), 7));
    cluster.cell(B, Phase.LOGGING_IN, 8);
    runs(judge(failover(), 7));
    cluster.cell(B, Phase.SERVING, 8);
    Ending ending = reached(judge(failover(), 7));
    assertThat(ending.outcome()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(ending.sentence()).isEqualTo("b serves live under epoch 8");
  }

  @Test
  void aFailoverWhoseDirectiveVanishedWithoutAnotherNodeServingFails() {
    serving(A, 7);
    commandComes();
    switchoverIsAccepted();
    runs(judge(failover(), 7));
    switchoverIsCleared();
    Ending ending = settling(judge(failover(), 7));
    assertThat(ending.outcome()).isEqualTo(Outcome.OUTCOME_FAILED);
    assertThat(ending.sentence()).contains("a serves live under epoch 7");
  }

  @Test
  void aFailoverThatTheFormerLeaderTookBackFails() {
    serving(A, 7);
    commandComes();
    switchoverIsAccepted();
    runs(judge(failover(), 7));
    switchoverIsCleared();
    cluster.claimed(9).cell(A, Phase.SERVING, 9);
    assertThat(settling(judge(failover(), 7)).outcome()).isEqualTo(Outcome.OUTCOME_FAILED);
  }

  @Test
  void aFailoverIsNotGivenUpWhileTheTargetLogsIn() {
    serving(A, 7);
    commandComes();
    switchoverIsAccepted();
    runs(judge(failover(), 7));
    switchoverIsCleared();
    cluster.cell(A, Phase.STANDBY, 7).elected(B, A).claimed(8).cell(B, Phase.LOGGING_IN, 8);
    runs(judge(failover(), 7));
  }

  @Test
  void aFailoverToANodeThatThenNeedsAPersonIsDegraded() {
    serving(A, 7);
    commandComes();
    switchoverIsAccepted();
    cluster.cell(A, Phase.STANDBY, 7).elected(B, A).claimed(8).cell(B, Phase.NEEDS_OPERATOR, 8);
    assertThat(reached(judge(failover(), 7)).outcome()).isEqualTo(Outcome.OUTCOME_DEGRADED);
  }

  @Test
  void aFailoverThatLandsOnAnotherNodeThanAskedForFails() {
    serving(A, 7);
    commandComes();
    switchoverIsAccepted();
    cluster.cell(A, Phase.STANDBY, 7).cell(B, Phase.SERVING, 8).elected(B, A);
    Command toC = new Command.Failover(META, Optional.of(new NodeId("c")), false);
    assertThat(settling(judge(toC, 7)).outcome()).isEqualTo(Outcome.OUTCOME_FAILED);
  }

  // ---- reconcile

  private static ReconciliationReport report(int compared, Discrepancy... discrepancies) {
    return new ReconciliationReport(compared, ImmutableList.copyOf(discrepancies), 0, -1);
  }

  private static final Discrepancy DIFFERENCE =
      new Discrepancy("d1", "U1", "265598", "STK", BigDecimal.ONE, BigDecimal.TEN, BigDecimal.ZERO);

  @Test
  void aReconciliationThatPassesIsDoneWithItsReport() {
    cluster.cell(A, Phase.NEEDS_OPERATOR, 7).reconciled(A, report(3, DIFFERENCE));
    commandComes();
    cluster.accepted("r1").cell(A, Phase.RECONCILING, 7);
    runs(judge(new Command.Reconcile(META, ImmutableList.of()), 7));
    cluster.after(SECOND).cell(A, Phase.SERVING, 7).reconciled(A, report(3));
    Ending ending = reached(judge(new Command.Reconcile(META, ImmutableList.of()), 7));
    assertThat(ending.outcome()).isEqualTo(Outcome.OUTCOME_DONE);
    assertThat(ending.reconciliation()).contains(report(3));
  }

  @Test
  void aReconciliationWithDiscrepanciesIsDegradedAndNamesThem() {
    serving(A, 7);
    commandComes();
    cluster.accepted("r1").cell(A, Phase.NEEDS_OPERATOR, 7).reconciled(A, report(3, DIFFERENCE));
    Ending ending = reached(judge(new Command.Reconcile(META, ImmutableList.of()), 7));
    assertThat(ending.outcome()).isEqualTo(Outcome.OUTCOME_DEGRADED);
    assertThat(ending.reconciliation().orElseThrow().discrepancies()).containsExactly(DIFFERENCE);
  }

  @Test
  void aReconciliationWithDiscrepanciesEndsOnlyWhenTheGateIsShut() {
    serving(A, 7);
    commandComes();
    cluster.accepted("r1").cell(A, Phase.NEEDS_OPERATOR, 7).reconciled(A, report(3, DIFFERENCE));
    cluster.gate(A, true);
    runs(judge(new Command.Reconcile(META, ImmutableList.of()), 7));
    cluster.gate(A, false);
    reached(judge(new Command.Reconcile(META, ImmutableList.of()), 7));
  }

  @Test
  void aReconciliationWhileServingThatChangesNothingSettles() {
    serving(A, 7).reconciled(A, report(3));
    commandComes();
    runs(judge(new Command.Reconcile(META, ImmutableList.of()), 7));
    cluster.accepted("r1");
    assertThat(settling(judge(new Command.Reconcile(META, ImmutableList.of()), 7)).outcome())
        .isEqualTo(Outcome.OUTCOME_DONE);
  }

  @Test
  void aReconciliationWhileServingIsDoneWhenItsComparisonIsOver() {
    Command reconcile = new Command.Reconcile(META, ImmutableList.of());
    serving(A, 7).reconciled(A, report(3));
    commandComes();
    cluster.accepted("r1").reason(A, "Reconciling", "compares positions again");
    runs(judge(reconcile, 7));
    cluster.reason(A, "Serving", "serving");
    assertThat(reached(judge(reconcile, 7)).outcome()).isEqualTo(Outcome.OUTCOME_DONE);
    cluster.reason(A, "PositionsUnavailable", "the file of positions cannot be read");
    Ending ending = reached(judge(reconcile, 7));
    assertThat(ending.outcome()).isEqualTo(Outcome.OUTCOME_FAILED);
    assertThat(ending.sentence()).isEqualTo("the file of positions cannot be read");
  }

  // ---- directives

  @Test
  void pauseAndResumeAreDoneWhenTheDirectiveSaysSo() {
    Command pause = new Command.SetAutomation(META, true);
    runs(judge(pause, 0));
    cluster.directives(d -> d.withPaused(true)).accepted("r1");
    assertThat(reached(judge(pause, 0)).outcome()).isEqualTo(Outcome.OUTCOME_DONE);
    Command resume = new Command.SetAutomation(META, false);
    assertThat(settling(judge(resume, 0)).outcome()).isEqualTo(Outcome.OUTCOME_FAILED);
    cluster.directives(d -> d.withPaused(false));
    assertThat(reached(judge(resume, 0)).outcome()).isEqualTo(Outcome.OUTCOME_DONE);
  }

  @Test
  void aHaltIsDoneOnlyWhenTheGateIsShut() {
    Command halt = new Command.HaltTrading(META);
    serving(A, 7);
    runs(judge(halt, 7));
    cluster.directives(d -> d.withTradingHalted(true)).accepted("r1");
    runs(judge(halt, 7));
    cluster.gate(A, false);
    assertThat(reached(judge(halt, 7)).outcome()).isEqualTo(Outcome.OUTCOME_DONE);
  }

  @Test
  void aResumedTradingSaysWhetherTheGateIsOpen() {
    Command resume = new Command.ResumeTrading(META);
    serving(A, 7).gate(A, false).directives(d -> d.withTradingHalted(true));
    runs(judge(resume, 7));
    cluster.directives(d -> d.withTradingHalted(false)).accepted("r1");
    assertThat(settling(judge(resume, 7)).sentence()).contains("still shut");
    cluster.gate(A, true);
    assertThat(reached(judge(resume, 7)).sentence()).contains("the gate is open");
  }

  @Test
  void anUnlockIsDoneWhenTheLedgerIsClean() {
    Command unlock = new Command.UnlockLogins(META);
    cluster.ledger(LoginLedger.EMPTY.locked(Instant.MAX, "three failures"));
    runs(judge(unlock, 0));
    cluster.ledger(cluster.ledger().unlocked(Optional.empty())).accepted("r1");
    assertThat(reached(judge(unlock, 0)).outcome()).isEqualTo(Outcome.OUTCOME_DONE);
  }

  @Test
  void anUnlockIsDoneAlsoWhenTheNextLoginIsUnderWayBeforeItIsSeen() {
    Command unlock = new Command.UnlockLogins(META);
    LoginAttempt next =
        new LoginAttempt("next", A, new Epoch(7), cluster.now(), LoginAttempt.Verdict.OPEN);
    cluster.ledger(LoginLedger.EMPTY.withAttempt(next));
    runs(judge(unlock, 0));
    cluster.accepted("r1");
    assertThat(reached(judge(unlock, 0)).outcome()).isEqualTo(Outcome.OUTCOME_DONE);
    cluster.ledger(cluster.ledger().locked(Instant.MAX, "refused again"));
    assertThat(settling(judge(unlock, 0)).outcome()).isEqualTo(Outcome.OUTCOME_FAILED);
  }

  @Test
  void anUnlockThatIsAskedForAgainAfterMoreFailuresIsNotDone() {
    Command unlock = new Command.UnlockLogins(META);
    LoginAttempt former =
        new LoginAttempt("former", A, new Epoch(7), cluster.now(), LoginAttempt.Verdict.UNKNOWN);
    LoginAttempt last =
        new LoginAttempt("last", A, new Epoch(7), cluster.now(), LoginAttempt.Verdict.OPEN);
    cluster.accepted("r1").ledger(LoginLedger.EMPTY.withAttempt(former).withAttempt(last));
    assertThat(settling(judge(unlock, 0)).outcome()).isEqualTo(Outcome.OUTCOME_FAILED);
  }
}
