package io.understudy.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
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
  private static final Duration BUDGET = Duration.ofMinutes(5);

  /** Too rare for so few seeds: {@code NodeDeciderTest} takes them on purpose. */
  private static final ImmutableSet<String> TAKEN_ELSEWHERE =
      ImmutableSet.of("NEEDS_OPERATOR on PERSON_NEEDED", "NEEDS_OPERATOR on SESSION_REOPENING");

  @Test
  void everyPromiseHoldsInEverySeedAndEveryTransitionIsTaken() throws InterruptedException {
    Simulate.Batch batch = new Simulate.Batch(options(1, SEEDS, BUDGET));
    batch
        .run()
        .ifPresent(failure -> {
          throw failure;
        });
    System.out.print(batch.text());
    assertThat(batch.figures().seeds()).isEqualTo(SEEDS);
    assertThat(batch.figures().coverage().missing())
        .as("transitions that no test takes")
        .isSubsetOf(TAKEN_ELSEWHERE);
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
