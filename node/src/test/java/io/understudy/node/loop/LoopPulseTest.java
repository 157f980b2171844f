package io.understudy.node.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.testing.ClusterScript;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoopPulseTest {
  private final ClusterScript cluster = new ClusterScript();
  private final LoopPulse pulse = new LoopPulse(Duration.ofSeconds(10));
  private MonotonicTime now = new MonotonicTime(0);

  private boolean beatsAfter(int seconds, NodeStatus status) {
    now = now.plus(Duration.ofSeconds(seconds));
    return pulse.beats(status, now);
  }

  @Test
  void aLoopLivesAsLongAsItsPassesGrow() {
    for (int look = 0; look < 5; look++) {
      assertThat(beatsAfter(60, cluster.status())).isTrue();
    }
  }

  @Test
  void aLoopThatMakesNoPassForTooLongIsDeadUntilItMakesOne() {
    NodeStatus last = cluster.status();
    assertThat(beatsAfter(1, last)).isTrue();
    assertThat(beatsAfter(10, last)).isTrue();
    assertThat(beatsAfter(1, last)).isFalse();
    assertThat(beatsAfter(1, cluster.status())).isTrue();
  }
}
