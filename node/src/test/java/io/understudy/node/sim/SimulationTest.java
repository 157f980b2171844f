package io.understudy.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The core in a world that misbehaves. {@code -Dseed=N} repeats one run with its whole trace;
 * {@code -Dseeds=N} makes that many runs instead of as many as fit into the default time; {@code
 * -Dfrom=N} begins elsewhere.
 */
final class SimulationTest {
  private static final Duration BUDGET = Duration.ofSeconds(45);
  private static final long SEEDS_MAX = 400;

  @Test
  void everyPromiseHoldsInEverySeed() {
    Coverage coverage = new Coverage();
    Long one = Long.getLong("seed");
    if (one != null) {
      System.out.println(new Simulation(one, coverage, true).run());
      return;
    }
    long first = Long.getLong("from", 1L);
    long most = Long.getLong("seeds", Long.MAX_VALUE);
    long deadline = most == Long.MAX_VALUE ? System.nanoTime() + BUDGET.toNanos() : Long.MAX_VALUE;
    long seeds = 0;
    long nanos = 0;
    long passes = 0;
    long submissions = 0;
    while (seeds < most && (System.nanoTime() < deadline || goesOn(seeds, coverage))) {
      Simulation.Run run = new Simulation(first + seeds, coverage, false).run();
      seeds++;
      nanos += run.nanos();
      passes += run.passes();
      submissions += run.submissions();
    }
    System.out.printf(
        "Simulated %d seeds from %d: %.1f hours, %d passes, %d submissions%n",
        seeds, first, nanos / 3.6e12, passes, submissions);
    if (seeds >= SEEDS_MAX || most == Long.MAX_VALUE) {
      assertThat(coverage.missing()).as("transitions that no run took").isEmpty();
    }
  }

  /** On a slow machine the rarest transitions take longer to come up than the default time. */
  private static boolean goesOn(long seeds, Coverage coverage) {
    return seeds < SEEDS_MAX && !coverage.missing().isEmpty();
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    Coverage coverage = new Coverage();
    for (long seed = 1; seed <= 3; seed++) {
      assertThat(new Simulation(seed, coverage, false).run())
          .isEqualTo(new Simulation(seed, coverage, false).run());
    }
  }
}
