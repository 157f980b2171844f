package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.failover.Signal;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.Reason;
import org.junit.jupiter.api.Test;

class LogSubjectTest {
  private static final GatewayId LIVE = new GatewayId("live");
  private static final GatewayId PAPER = new GatewayId("paper");

  private final LogSubject.Board board = new LogSubject.Board();

  private void changed(GatewayId gateway, Phase to, long epoch) {
    board.changed(
        new Decision.Transition(
            gateway,
            Phase.STANDBY,
            to,
            Signal.ELECTED,
            new Epoch(epoch),
            new Reason("Reason", "sentence")));
  }

  @Test
  void aStandbyActsUnderNoEpoch() {
    assertThat(board.of(LIVE).keys()).containsOnlyKeys("gateway");
    changed(LIVE, Phase.SERVING, 7);
    assertThat(board.of(LIVE).keys()).containsEntry("gateway", "live").containsEntry("epoch", "7");
    changed(LIVE, Phase.STANDBY, 7);
    assertThat(board.of(LIVE).keys()).containsOnlyKeys("gateway");
  }

  @Test
  void whatTheNodeDoesAsAWholeIsAboutTheTakeoversUnderWay() {
    assertThat(board.ofNode()).isEqualTo(LogSubject.NONE);
    changed(LIVE, Phase.CLAIMING, 7);
    assertThat(board.ofNode()).isEqualTo(board.of(LIVE));
    changed(PAPER, Phase.FENCING, 3);
    assertThat(board.ofNode().keys())
        .containsEntry("gateway", "live,paper")
        .containsEntry("epoch", "7,3");
    changed(LIVE, Phase.SERVING, 7);
    changed(PAPER, Phase.NEEDS_OPERATOR, 3);
    assertThat(board.ofNode()).isEqualTo(LogSubject.NONE);
  }
}
