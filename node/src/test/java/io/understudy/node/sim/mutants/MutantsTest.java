package io.understudy.node.sim.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mutant that survives is a hole in the judge or in the nemesis: mend those. */
final class MutantsTest {
  private static final long SEEDS_MAX = 1_500;

  static ImmutableList<Mutant> mutants() {
    return Mutants.ALL;
  }

  @ParameterizedTest
  @MethodSource("mutants")
  @Execution(ExecutionMode.CONCURRENT)
  void theSimulationFindsEveryMutant(Mutant mutant) throws Exception {
    String found = Workshop.hunt(mutant, SEEDS_MAX);
    System.out.println("Mutant: " + mutant + ". Found: " + found);
    assertThat(found).as("what the simulation finds in %s seeds", SEEDS_MAX).isNotEmpty();
  }

  @Test
  void everyNameIsThereOnce() {
    assertThat(Mutants.ALL.stream().map(Mutant::name)).doesNotHaveDuplicates();
  }
}
