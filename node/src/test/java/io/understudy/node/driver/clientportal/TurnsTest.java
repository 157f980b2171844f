package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.node.spi.DriverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final Cuts cuts = new Cuts();
  private final Turns turns = new Turns();

  private List<Turns.Turn> taken() throws DriverException {
    List<Turns.Turn> taken = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      taken.add(turns.toLogIn(cuts.begin(), SHORT));
    }
    return taken;
  }

  @Test
  void theFifthWaitsUntilATurnIsOver() throws Exception {
    List<Turns.Turn> taken = taken();
    CompletableFuture<Turns.Turn> fifth = waiting();
    taken.getFirst().close();

    assertThat(fifth.get(20, TimeUnit.SECONDS)).isNotNull();
  }

  @Test
  void whoeverWaitsTooLongIsToldThatNothingWasBegun() throws Exception {
    var _ = taken();

    assertThatThrownBy(
            () -> {
              try (Turns.Turn _ = turns.toLogIn(cuts.begin(), SHORT)) {
                // Not reached.
              }
            })
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("nothing was begun");
  }

  @Test
  void aFenceEndsTheWait() throws Exception {
    var _ = taken();
    CompletableFuture<Turns.Turn> fifth = waiting();
    cuts.cut();

    assertThat(fifth.handle((_, error) -> error).get(20, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(DriverException.class);
  }

  @Test
  void startsAndLoginsDoNotWaitForEachOther() throws Exception {
    var _ = taken();

    try (Turns.Turn turn = turns.toStart(cuts.begin(), SHORT)) {
      assertThat(turn).isNotNull();
    }
  }

  private CompletableFuture<Turns.Turn> waiting() {
    Cuts.Work work = cuts.begin();
    return CompletableFuture.supplyAsync(() -> {
      try {
        return turns.toLogIn(work, LONG);
      } catch (DriverException e) {
        throw new CompletionException(e);
      }
    });
  }
}
