package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds a smaller run that breaks the same promise: leaves out deeds, first many at once, then ever
 * fewer, as long as it still fails.
 */
final class Shrinker {
  private final long deadline;
  private int runs;

  Shrinker(Duration most) {
    deadline = System.nanoTime() + most.toNanos();
  }

  int runs() {
    return runs;
  }

  /** The smallest failure that was found in time, with its trace. */
  Simulation.Failure shrink(Simulation.Failure failure) {
    Simulation.Failure smallest =
        failure.what().equals(Promise.LIVENESS.toString())
            ? failure
            : fails(failure.plan().withTroubled(failure.nanos()), failure).orElse(failure);
    int parts = 2;
    while (!smallest.deeds().isEmpty() && System.nanoTime() < deadline) {
      Optional<Simulation.Failure> smaller = withoutOnePart(smallest, parts);
      if (smaller.isPresent()) {
        smallest = smaller.orElseThrow();
        parts = Math.max(parts - 1, 2);
      } else if (parts >= smallest.deeds().size()) {
        break;
      } else {
        parts = Math.min(2 * parts, smallest.deeds().size());
      }
    }
    return fails(smallest.plan().withTrace(), smallest).orElse(smallest);
  }

  private Optional<Simulation.Failure> withoutOnePart(Simulation.Failure failure, int parts) {
    ImmutableList<Deed> deeds = ImmutableList.sortedCopyOf(failure.deeds());
    int length = Math.max(1, (deeds.size() + parts - 1) / parts);
    for (int end = deeds.size(); end > 0 && System.nanoTime() < deadline; end -= length) {
      ImmutableSet<Deed> left = ImmutableSet.copyOf(deeds.subList(Math.max(0, end - length), end));
      ImmutableSet<Deed> without = Sets.union(failure.plan().without(), left).immutableCopy();
      Optional<Simulation.Failure> smaller = fails(failure.plan().without(without), failure);
      if (smaller.filter(f -> f.deeds().size() < deeds.size()).isPresent()) {
        return smaller;
      }
    }
    return Optional.empty();
  }

  private Optional<Simulation.Failure> fails(Plan plan, Simulation.Failure like) {
    runs++;
    try {
      var _ = new Simulation(plan, new Coverage()).run();
      return Optional.empty();
    } catch (Simulation.Failure again) {
      return Optional.of(again).filter(f -> f.what().equals(like.what()));
    }
  }
}
