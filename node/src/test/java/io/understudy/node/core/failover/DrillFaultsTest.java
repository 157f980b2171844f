package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.spi.DriverException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Drills with a fault: made once, recovered from, led back. */
class DrillFaultsTest extends DrilledNode {
  // ---- faults

  @Test
  void theFaultIsAnnouncedBeforeItIsMadeAndAskedForOnce() throws DriverException {
    begins(DrillKind.GATEWAY_CRASH);
    assertThat(drill().stage()).isEqualTo(DrillStage.ACCEPTED);
    assertThat(node.asks(Effect.InjectFault.class)).isFalse();
    node.waits(Duration.ofMillis(2200));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAULT);
    Effect.InjectFault fault = node.asked(Effect.InjectFault.class);
    assertThat(fault.epoch()).isEqualTo(drill().originEpoch());
    assertThat(fault.drill()).isEqualTo("drill-1");
    node.ends(Effect.InjectFault.class);
    node.waits(Duration.ofSeconds(30));
    assertThat(node.asks(Effect.InjectFault.class)).as("a second time").isFalse();
    assertThat(node.decidedAgain()).isEmpty();
  }

  @Test
  void aGatewayThatWasKilledIsLoggedInAgainUnderTheSameEpochAndTheDrillPasses()
      throws DriverException {
    begins(DrillKind.GATEWAY_CRASH);
    node.waits(Duration.ofMillis(2200));
    node.gatewayIs(ProcessState.STOPPED, SessionState.LOGGED_OUT);
    node.ends(Effect.InjectFault.class);
    node.waits(Duration.ofSeconds(3));
    assertThat(node.phase()).isEqualTo(Phase.LOGGING_IN);
    node.gatewayIs(ProcessState.LISTENING, SessionState.LOGGED_OUT);
    logsIn();
    node.waits(Duration.ofSeconds(3));

    assertThat(drill().stage()).isEqualTo(DrillStage.PASSED);
    assertThat(drill().after().orElseThrow().epoch()).isEqualTo(drill().originEpoch());
  }

  @Test
  void aFaultThatCannotBeMadeEndsTheDrill() throws DriverException {
    begins(DrillKind.PARTITION);
    node.waits(Duration.ofMillis(2200));
    assertThat(node.asked(Effect.InjectFault.class).lasting()).isEqualTo(Duration.ofSeconds(45));
    node.fails(Effect.InjectFault.class);
    node.waits(Duration.ofSeconds(1));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("it did not work");
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void anotherLifeThanTheOneThatBeganMakesNoFault() throws DriverException {
    node.finds(begun(OneNode.A, node.cell().epoch(), DrillKind.CRASH, false));
    node.waits(Duration.ofSeconds(30));

    assertThat(node.asks(Effect.InjectFault.class)).isFalse();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void aDrillWhoseLeaderHasGoneBeforeTheFaultFailsWithoutOne() throws DriverException {
    node.finds(begun(B, Epoch.NONE, DrillKind.CRASH, false).at(DrillStage.ACCEPTED, "accepted"));
    node.waits(Duration.ofSeconds(5));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("no fault was made");
    assertThat(node.asks(Effect.InjectFault.class)).isFalse();
  }

  @Test
  void noFaultIsMadeWhenTheStandbyIsNoLongerReady() throws DriverException {
    begins(DrillKind.CRASH);
    b.renew(recordOfB(false));
    node.waits(Duration.ofSeconds(4));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("no other node is ready any more");
    assertThat(node.asks(Effect.InjectFault.class)).isFalse();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  // ---- recovery and the way back

  @Test
  void whoeverTookOverEndsTheDrillOnceTheFormerLeaderIsThereAgain() throws DriverException {
    b.close();
    node.finds(begun(B, Epoch.NONE, DrillKind.CRASH, false));
    node.waits(Duration.ofSeconds(30));
    assertThat(drill().stage()).isEqualTo(DrillStage.RECOVERED);

    b = ensemble.driver();
    b.start(recordOfB(true), new Deaf(), Duration.ofSeconds(1));
    node.waits(Duration.ofSeconds(2));

    assertThat(drill().sentence()).startsWith("passed: orders passed again");
    assertThat(drill().stage()).isEqualTo(DrillStage.PASSED);
  }

  @Test
  void theWayBackBeginsWhenTheFormerLeaderIsReady() throws DriverException {
    b.renew(recordOfB(false));
    node.finds(begun(B, Epoch.NONE, DrillKind.CRASH, true));
    node.waits(Duration.ofSeconds(20));
    assertThat(drill().stage()).isEqualTo(DrillStage.RECOVERED);
    assertThat(wishes().switchover()).isEmpty();

    b.renew(recordOfB(true));
    node.waits(Duration.ofSeconds(1));

    assertThat(drill().stage()).isEqualTo(DrillStage.FALLING_BACK);
    Directives.Switchover back = wishes().switchover().orElseThrow();
    assertThat(back.target()).isEqualTo(B);
    assertThat(drill().isOwn(back)).isTrue();
    assertThat(node.phase()).isEqualTo(Phase.CEDING);
    assertThat(drill().marks().stream().map(DrillMark::what))
        .containsSubsequence("GateOpen", "FallingBack", "Ceding");
  }

  @Test
  void aWayBackWhoseHandOverIsGoneFailsAndTheLeaderServesOn() throws DriverException {
    Drill back =
        begun(B, Epoch.NONE, DrillKind.CRASH, true)
            .marked(
                new DrillMark(
                    node.now().wall(), OneNode.A, node.cell().epoch(), DrillMark.FALLING_BACK))
            .at(DrillStage.FALLING_BACK, "hands over");
    node.finds(back);
    node.waits(Duration.ofSeconds(2));

    assertThat(drill().stage()).isEqualTo(DrillStage.FAILED);
    assertThat(drill().sentence()).contains("node b did not take over again");
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }
}
