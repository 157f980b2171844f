package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillMeasurement;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.spi.DriverException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A drill that harms nobody, and how people end one. */
class DrillRulesTest extends DrilledNode {
  // ---- login-only

  private void logsOutAndIn() {
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.Logout.class);
    node.waits(Duration.ofSeconds(2));
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    logsIn();
    node.waits(Duration.ofSeconds(3));
  }

  @Test
  void aLoginOnlyDrillLogsOutAndInAgainOnTheSameNodeAndPasses() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    assertThat(wishes().loggedOut()).isTrue();
    assertThat(node.phase()).isEqualTo(Phase.CEDING);

    logsOutAndIn();

    assertThat(wishes().loggedOut()).isFalse();
    assertThat(drill().stage()).isEqualTo(DrillStage.PASSED);
    assertThat(drill().endedAt()).isPresent();
    assertThat(drill().after().orElseThrow().epoch()).isEqualTo(drill().originEpoch().next());
    assertThat(drill().marks().stream().map(DrillMark::what))
        .containsSubsequence(
            "Started", "Fault", "Ceding", "Claiming", "LoggingIn", "Serving", "GateOpen", "Ended");
  }

  @Test
  void nobodyLogsInBeforeTheLogoutIsConfirmed() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    node.waits(Duration.ofSeconds(20));

    assertThat(wishes().loggedOut()).isTrue();
    assertThat(drill().stage()).isEqualTo(DrillStage.FAULT);
  }

  @Test
  void aNodeThatHadToFenceItselfWhileItLoggedOutLogsInAgain() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    node.coordination().disconnect();
    node.waits(Duration.ofSeconds(5));
    assertThat(node.phase()).isEqualTo(Phase.SELF_FENCING);
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.FenceGateway.class);
    node.coordination().reconnect();
    assertThat(node.records().custody().value()).as("nobody cleared it").isPresent();
    node.waits(Duration.ofSeconds(4));

    assertThat(wishes().loggedOut()).isFalse();
    assertThat(drill().stage()).isEqualTo(DrillStage.FAULT);
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    logsIn();
  }

  @Test
  void aDrillThatIsNotOverByItsDeadlineFailsAndLeavesNoWishBehind() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    node.waits(TIMEOUT.plusSeconds(2));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("not over by its deadline");
    assertThat(wishes().loggedOut()).isFalse();
  }

  // ---- a person wins

  @Test
  void aLogoutByAPersonEndsTheDrillAndStays() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);

    assertThat(asks(new Command.Logout(meta("logout-1"))))
        .isInstanceOf(CommandAnswer.Accepted.class);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(drill().sentence()).contains("a command of a person wins over a drill");
    assertThat(wishes().loggedOut()).isTrue();
    logsOut();
    node.waits(Duration.ofSeconds(10));
    assertThat(wishes().loggedOut()).isTrue();
    assertThat(node.phase()).isEqualTo(Phase.STANDBY);
  }

  private void logsOut() {
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.Logout.class);
  }

  @Test
  void aFailoverByAPersonReplacesTheHandOverOfTheDrill() throws DriverException {
    begins(DrillKind.SWITCHOVER);
    assertThat(wishes().switchover().orElseThrow().requestId()).isEqualTo("drill-1");

    CommandAnswer answer = asks(new Command.Failover(meta("failover-1"), Optional.of(B), true));

    assertThat(answer).isInstanceOf(CommandAnswer.Accepted.class);
    assertThat(wishes().switchover().orElseThrow().requestId()).isEqualTo("failover-1");
    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
  }

  @Test
  void anUnlockLeavesTheDrillAlone() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);

    assertThat(asks(new Command.UnlockLogins(meta("unlock-1"))))
        .isInstanceOf(CommandAnswer.Accepted.class);

    assertThat(drill().stage()).isEqualTo(DrillStage.FAULT);
  }

  // ---- abort and measurement

  @Test
  void anAbortWithdrawsWhatTheDrillHasAskedFor() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);

    assertThat(asks(new Command.AbortDrill(meta("abort-1"), "drill-1")))
        .isInstanceOf(CommandAnswer.Accepted.class);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(drill().sentence()).isEqualTo("aborted by olga");
    assertThat(wishes().loggedOut()).isFalse();
    assertThat(code(asks(new Command.AbortDrill(meta("abort-2"), "drill-1"))))
        .isEqualTo("DRILL_ENDED");
  }

  @Test
  void onlyTheDrillOnRecordCanBeAbortedOrMeasured() {
    assertThat(code(asks(new Command.AbortDrill(meta("abort-1"), "drill-7"))))
        .isEqualTo("UNKNOWN_DRILL");
    assertThat(code(asks(new Command.MeasureDrill(meta("measure-1"), "drill-7", SEEN))))
        .isEqualTo("UNKNOWN_DRILL");
  }

  private static final DrillMeasurement SEEN =
      new DrillMeasurement(
          "desk", Duration.ofMillis(100), Duration.ofSeconds(9), Optional.empty(), 300, 210, 0);

  @Test
  void whatAClientSawIsAddedToADrillThatHasEndedAndTheNextDrillKeepsItInTheList()
      throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    logsOutAndIn();

    assertThat(asks(new Command.MeasureDrill(meta("measure-1"), "drill-1", SEEN)))
        .isInstanceOf(CommandAnswer.Accepted.class);
    assertThat(drill().measurement()).contains(SEEN);
    Drill first = drill();
    assertThat(
            asks(
                new Command.StartDrill(meta("drill-2"), plan(DrillKind.LOGIN_ONLY, false), ALL_UP)))
        .isInstanceOf(CommandAnswer.Accepted.class);

    assertThat(drill().id()).isEqualTo("drill-2");
    assertThat(node.coordination().pastDrills(OneNode.LIVE, 10)).containsExactly(first);
  }

  @Test
  void whileADrillIsUnderWayNoOtherBegins() {
    begins(DrillKind.LOGIN_ONLY);

    CommandAnswer second =
        asks(new Command.StartDrill(meta("drill-2"), plan(DrillKind.LOGIN_ONLY, false), ALL_UP));

    assertThat(refused(second)).isInstanceOf(Rejection.Precondition.class);
  }

  @Test
  void aStartThatIsRepeatedStartsNothingNew() throws DriverException {
    begins(DrillKind.LOGIN_ONLY);
    Drill first = drill();

    CommandAnswer again = starts(DrillKind.LOGIN_ONLY);

    assertThat(again).isInstanceOf(CommandAnswer.Accepted.class);
    assertThat(((CommandAnswer.Accepted) again).repeated()).isTrue();
    assertThat(drill()).isEqualTo(first);
  }
}
