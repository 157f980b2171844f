package io.understudy.node.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The program behind {@code ops/simulate}: many seeds on all cores, or one with its trace. */
final class Simulate {
  private static final Duration SHRINK_MAX = Duration.ofSeconds(60);
  private static final int LINES_SHOWN = 150;

  private Simulate() {}

  /** Exits with 0 when every promise held, 1 when one was broken, 2 when called wrongly. */
  public static void main(String[] arguments) throws InterruptedException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("simulate: " + e.getMessage());
      System.exit(2);
      return;
    }
    if (options.cells().isPresent()) {
      System.out.print(LoadRun.table(options.cells().getAsInt(), options.seed().orElse(1)));
      return;
    }
    Batch batch = new Batch(options);
    Optional<Simulation.Failure> failure = batch.run();
    System.out.print(batch.text());
    if (failure.isPresent()) {
      tell(failure.orElseThrow());
      System.exit(1);
    }
  }

  private static void tell(Simulation.Failure failure) {
    System.out.println("BROKEN " + failure.getMessage());
    Shrinker shrinker = new Shrinker(SHRINK_MAX);
    Simulation.Failure smallest = shrinker.shrink(failure);
    System.out.printf(
        "Shrunk in %d runs from %d deeds to %d: %s%n  %s%n",
        shrinker.runs(),
        failure.deeds().size(),
        smallest.deeds().size(),
        smallest.deeds(),
        smallest.sentence());
    List<String> lines = smallest.lines();
    lines
        .subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size())
        .forEach(System.out::println);
  }

  /** Seeds one after another, on every core, until one fails or it is enough. */
  static final class Batch {
    private final Options options;
    private final Figures figures = new Figures();
    private final int threads;
    private final AtomicLong next;
    private final AtomicReference<Optional<Simulation.Failure>> failed =
        new AtomicReference<>(Optional.empty());
    private double seconds;

    Batch(Options options) {
      this.options = options;
      threads = (int) Math.min(options.seeds(), Runtime.getRuntime().availableProcessors());
      next = new AtomicLong(options.seed().orElse(1));
    }

    Figures figures() {
      return figures;
    }

    String text() {
      return figures.text(seconds, threads);
    }

    Optional<Simulation.Failure> run() throws InterruptedException {
      long begin = System.nanoTime();
      long end = options.minutes().isPresent() ? begin + options.minutes().getAsLong() : 0;
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        workers.add(Thread.ofPlatform().name("simulate-" + i).start(() -> work(end)));
      }
      for (Thread worker : workers) {
        worker.join();
      }
      seconds = (System.nanoTime() - begin) / 1e9;
      return failed.get();
    }

    private void work(long end) {
      long last = options.seed().orElse(1) + options.seeds();
      while (failed.get().isEmpty() && (end == 0 || System.nanoTime() - end < 0)) {
        long seed = next.getAndIncrement();
        if (seed >= last) {
          return;
        }
        Coverage coverage = new Coverage();
        try {
          Simulation simulation = new Simulation(options.plan(seed), coverage);
          figures.add(simulation.run(), coverage, simulation.checks());
        } catch (Simulation.Failure failure) {
          failed.set(Optional.of(failure));
        }
      }
    }
  }

  /**
   * What was asked for.
   *
   * @param minutes real time in nanoseconds after which no further seed begins
   */
  record Options(
      OptionalLong seed,
      long seeds,
      OptionalLong minutes,
      OptionalLong troubled,
      OptionalInt nodes,
      OptionalInt cells) {
    private static final String USAGE =
        "[--seed N] [--seeds N] [--minutes M] [--hours H] [--nodes 2..5] [--cells N]";

    static Options parse(String[] arguments) {
      OptionalLong seed = OptionalLong.empty();
      OptionalLong seeds = OptionalLong.empty();
      OptionalLong minutes = OptionalLong.empty();
      OptionalLong troubled = OptionalLong.empty();
      OptionalInt nodes = OptionalInt.empty();
      OptionalInt cells = OptionalInt.empty();
      for (int i = 0; i < arguments.length; i += 2) {
        String value = i + 1 < arguments.length ? arguments[i + 1] : "";
        switch (arguments[i]) {
          case "--seed" -> seed = OptionalLong.of(whole(arguments[i], value, Long.MAX_VALUE));
          case "--seeds" -> seeds = OptionalLong.of(whole(arguments[i], value, Long.MAX_VALUE));
          case "--minutes" ->
              minutes = OptionalLong.of((long) (decimal(arguments[i], value) * 60e9));
          case "--hours" ->
              troubled = OptionalLong.of((long) (decimal(arguments[i], value) * 3.6e12));
          case "--nodes" -> nodes = OptionalInt.of((int) whole(arguments[i], value, 5));
          case "--cells" -> cells = OptionalInt.of((int) whole(arguments[i], value, 5_000));
          default ->
              throw new IllegalArgumentException(
                  arguments[i] + " is not known (expected: " + USAGE + ")");
        }
      }
      if (nodes.isPresent() && nodes.getAsInt() < 2) {
        throw new IllegalArgumentException("--nodes 1 (expected: 2 to 5)");
      }
      boolean bounded = seeds.isPresent() || minutes.isPresent();
      long most = seeds.orElse(bounded ? Long.MAX_VALUE / 2 : seed.isPresent() ? 1 : 1_000);
      return new Options(seed, most, minutes, troubled, nodes, cells);
    }

    private static long whole(String name, String value, long max) {
      try {
        long number = Long.parseLong(value);
        if (number >= 1 && number <= max) {
          return number;
        }
      } catch (NumberFormatException _) {
        // Said below.
      }
      throw new IllegalArgumentException(
          name
              + " '"
              + value
              + "' (expected: a whole number from 1"
              + (max == Long.MAX_VALUE ? ")" : " to " + max + ")"));
    }

    private static double decimal(String name, String value) {
      try {
        double number = Double.parseDouble(value);
        if (number > 0 && number < 1e6) {
          return number;
        }
      } catch (NumberFormatException _) {
        // Said below.
      }
      throw new IllegalArgumentException(name + " '" + value + "' (expected: a number above 0)");
    }

    Plan plan(long number) {
      Plan plan = Plan.of(number);
      plan = nodes.isPresent() ? plan.withNodes(nodes.getAsInt()) : plan;
      return troubled.isPresent() ? plan.withTroubled(troubled.getAsLong()) : plan;
    }
  }
}
