package io.understudy.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * The core in a world that misbehaves: a short run in every build; {@code ops/simulate} makes the
 * long ones, and repeats a seed with its trace.
 */
final class SimulationTest {
  private static final long SEEDS = 500;
  private static final Duration BUDGET = Duration.ofSeconds(45);

  @Test
  void everyPromiseHoldsInEverySeed() throws InterruptedException {
    Simulate.Batch batch = new Simulate.Batch(options(1, SEEDS, BUDGET));
    batch
        .run()
        .ifPresent(failure -> {
          throw failure;
        });
    System.out.print(batch.text());
    assertThat(batch.figures().seeds()).isPositive();
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    for (long seed = 1; seed <= 3; seed++) {
      Plan plan = Plan.of(seed).withTrace();
      assertThat(new Simulation(plan, new Coverage()).run())
          .isEqualTo(new Simulation(plan, new Coverage()).run());
    }
  }

  private static Simulate.Options options(long seed, long seeds, Duration budget) {
    return new Simulate.Options(
        OptionalLong.of(seed),
        seeds,
        OptionalLong.of(budget.toNanos()),
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalInt.empty());
  }
}
