package io.understudy.node.core.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.spi.DriverException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A person ends a drill after another node has taken over: the gateway is led back first. */
class DrillAbortTest extends DrilledNode {
  private static final Duration MOMENT = Duration.ofSeconds(2);

  /** Node b, which led, is not ready; node a has taken over from it. */
  private void abortsAfterTakeover(boolean fallBack) throws DriverException {
    b.renew(recordOfB(false));
    node.finds(begun(B, Epoch.NONE, DrillKind.CRASH, fallBack));
    abort("abort-1");
  }

  private void abort(String request) {
    assertThat(asks(new Command.AbortDrill(meta(request), "drill-9")))
        .isInstanceOf(CommandAnswer.Accepted.class);
    node.waits(MOMENT);
  }

  @Test
  void theGatewayIsLedBackWhenTheNodeThatLedIsReady() throws DriverException {
    abortsAfterTakeover(true);
    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTING);
    assertThat(drill().sentence()).startsWith("aborted by olga");
    assertThat(wishes().switchover()).isEmpty();

    b.renew(recordOfB(true));
    node.waits(MOMENT);

    assertThat(drill().isOwn(wishes().switchover().orElseThrow())).isTrue();
    assertThat(wishes().switchover().orElseThrow().target()).isEqualTo(B);
    assertThat(node.phase()).isEqualTo(Phase.CEDING);
  }

  @Test
  void aNodeThatCouldNotKeepTheGatewayIsNotAskedTwice() throws DriverException {
    node.finds(
        begun(B, Epoch.NONE, DrillKind.CRASH, true)
            .marked(new DrillMark(node.now().wall(), B, Epoch.NONE, DrillMark.FALLING_BACK))
            .at(DrillStage.ABORTING, "aborted by olga"));
    node.waits(MOMENT);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(drill().sentence()).isEqualTo("aborted by olga; node b did not take over again");
    assertThat(wishes().switchover()).isEmpty();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void aPauseThatAnOlderVersionHasWrittenHoldsTheWayBack() throws DriverException {
    node.wishes(Directives.NONE.withPaused(true));
    node.finds(
        begun(B, Epoch.NONE, DrillKind.CRASH, true).at(DrillStage.ABORTING, "aborted by olga"));
    node.waits(MOMENT);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(wishes().switchover()).isEmpty();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void anAbortInTheMomentOfTheFaultStillLeadsBack() throws DriverException {
    begins(DrillKind.CRASH, true);
    node.waits(Duration.ofSeconds(3));
    assertThat(node.asks(Effect.InjectFault.class)).isTrue();

    assertThat(asks(new Command.AbortDrill(meta("abort-1"), "drill-1")))
        .isInstanceOf(CommandAnswer.Accepted.class);
    node.waits(MOMENT);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTING);
  }

  @Test
  void itEndsWhereTheNodeThatLedServesAgain() throws DriverException {
    node.finds(
        begun(OneNode.A, Epoch.NONE, DrillKind.SWITCHOVER, true)
            .at(DrillStage.ABORTING, "aborted by olga"));
    node.waits(MOMENT);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(drill().sentence()).isEqualTo("aborted by olga; node a serves again");
  }

  @Test
  void atItsDeadlineTheGatewayStaysWhereItIs() throws DriverException {
    abortsAfterTakeover(true);
    node.waits(TIMEOUT);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(drill().sentence())
        .startsWith("aborted by olga")
        .endsWith("over by its deadline, and node b does not serve again");
    assertThat(wishes().switchover()).isEmpty();
    assertThat(node.phase()).isEqualTo(Phase.SERVING);
  }

  @Test
  void whoAbortsTwiceDoesNotWait() throws DriverException {
    abortsAfterTakeover(true);
    abort("abort-2");

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
  }

  @Test
  void anotherCommandOfAPersonEndsItAtOnce() throws DriverException {
    abortsAfterTakeover(true);
    assertThat(asks(new Command.HaltTrading(meta("halt-1"))))
        .isInstanceOf(CommandAnswer.Accepted.class);
    node.waits(MOMENT);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
  }

  @Test
  void withoutAWayBackItEndsAtOnce() throws DriverException {
    abortsAfterTakeover(false);

    assertThat(drill().stage()).isEqualTo(DrillStage.ABORTED);
    assertThat(wishes().switchover()).isEmpty();
  }
}
