package io.understudy.node.api;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;
import static io.understudy.node.testing.ClusterScript.LIVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.testing.ClusterScript;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PhaseTimesTest {
  private final ClusterScript cluster = new ClusterScript();
  private final PhaseTimes times = new PhaseTimes(cluster.now());

  private void enter(NodeId node, Phase phase, int afterMillis, int seenAfterMillis) {
    cluster.after(Duration.ofMillis(afterMillis)).cell(node, phase, 1);
    cluster.after(Duration.ofMillis(seenAfterMillis));
    times.observe(GatewayView.of(cluster.status(), LIVE).cell(node).orElseThrow(), cluster.now());
  }

  @Test
  void aPhaseLastsFromItsOwnStartToTheNextOnesHoweverLateItWasSeen() {
    enter(A, Phase.CEDING, 0, 0);
    enter(B, Phase.LOGGING_IN, 100, 500);
    enter(B, Phase.RECONCILING, 300, 50);
    enter(B, Phase.SERVING, 20, 0);
    assertThat(times.millis())
        .containsEntry("CEDING", 100L)
        .containsEntry("LOGGING_IN", 800L)
        .containsEntry("RECONCILING", 70L)
        .hasSize(3);
  }

  @Test
  void aPhaseThatBeganBeforeTheStartCountsFromTheStart() {
    cluster.cell(A, Phase.SERVING, 1).after(Duration.ofHours(5));
    PhaseTimes late = new PhaseTimes(cluster.now());
    late.observe(GatewayView.of(cluster.status(), LIVE).cell(A).orElseThrow(), cluster.now());
    cluster.after(Duration.ofMillis(40)).cell(A, Phase.CEDING, 1);
    late.observe(GatewayView.of(cluster.status(), LIVE).cell(A).orElseThrow(), cluster.now());
    assertThat(late.millis()).containsEntry("SERVING", 40L).hasSize(1);
  }
}
