package io.understudy.node.core.leadership;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DirectivesTest {
  private static Directives.CompletedRequest request(int number) {
    return new Directives.CompletedRequest(
        "r" + number, "pause", "ops", "", new Epoch(1), Instant.EPOCH.plusSeconds(number));
  }

  @Test
  void eachWishChangesOnlyItself() {
    Directives all =
        Directives.NONE
            .withPaused(true)
            .withLoggedOut(true)
            .withTradingHalted(true)
            .withSwitchover(
                Optional.of(
                    new Directives.Switchover(
                        new NodeId("a"),
                        new NodeId("b"),
                        new Epoch(3),
                        false,
                        "r1",
                        Instant.EPOCH)))
            .withReconcile("r2", ImmutableList.of("d1"), new Epoch(3))
            .withCompleted(request(1));
    assertThat(all.withPaused(false).withPaused(true)).isEqualTo(all);
    assertThat(all.withLoggedOut(false).withLoggedOut(true)).isEqualTo(all);
    assertThat(all.withTradingHalted(false).withTradingHalted(true)).isEqualTo(all);
    assertThat(all.withSwitchover(Optional.empty()).withSwitchover(all.switchover()))
        .isEqualTo(all);
    assertThat(all.withPaused(false).loggedOut()).isTrue();
    assertThat(all.reconcileRequest()).isEqualTo("r2");
    assertThat(all.acceptedDiscrepancies()).containsExactly("d1");
    assertThat(all.acceptedEpoch()).isEqualTo(new Epoch(3));
  }

  @Test
  void theNewestRequestsAreRememberedAndTheOldestForgotten() {
    Directives directives = Directives.NONE;
    for (int i = 0; i <= Directives.COMPLETED_MAX; i++) {
      directives = directives.withCompleted(request(i));
    }
    assertThat(directives.completed()).hasSize(Directives.COMPLETED_MAX);
    assertThat(directives.request("r0")).isEmpty();
    assertThat(directives.request("r1")).contains(request(1));
    assertThat(directives.request("r64")).contains(request(64));
  }
}
