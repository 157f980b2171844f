package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs scenarios of faults on real parts, and writes tables of what came of them. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    subcommands = {FaultLab.ListScenarios.class, FaultLab.Run.class},
    description = "Real faults on real parts, on hosts with a network that can be cut.")
public final class FaultLab implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private FaultLab() {}

  public static void main(String[] arguments) {
    System.exit(new picocli.CommandLine(new FaultLab()).execute(arguments));
  }

  @Override
  public Integer call() {
    picocli.CommandLine.usage(this, System.err);
    return USAGE;
  }

  /** Lists the scenarios. */
  @Command(name = "list", description = "Lists the scenarios; * marks the safe ones.")
  static final class ListScenarios implements Callable<Integer> {
    @Override
    public Integer call() {
      for (Scenario scenario : Scenario.all()) {
        System.out.printf(
            "%s %-34s %s%n", scenario.safe() ? "*" : " ", scenario.name(), scenario.purpose());
      }
      return 0;
    }
  }

  /** Runs scenarios. */
  @Command(name = "run", description = "Runs scenarios, one after the other.")
  static final class Run implements Callable<Integer> {
    @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "As `list` names them.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "Every scenario.")
    private boolean all;

    @Option(names = "--safe", description = "The few that continuous integration runs.")
    private boolean safe;

    @Option(names = "--times", paramLabel = "N", description = "How often. Default: 1")
    private int times = 1;

    @Option(
        names = "--output",
        paramLabel = "DIRECTORY",
        description = "Where the tables go. Default: target/lab")
    private @Nullable Path output;

    private final PrintStream out = System.out;

    @Override
    public Integer call() {
      try {
        return run(chosen());
      } catch (LabException e) {
        System.err.println("lab: " + e.getMessage());
        return USAGE;
      }
    }

    private ImmutableList<Scenario> chosen() {
      ImmutableList<Scenario> known = Scenario.all();
      for (String name : names) {
        if (known.stream().noneMatch(scenario -> scenario.name().equals(name))) {
          throw new LabException("There is no scenario " + name + "; see ops/lab list");
        }
      }
      ImmutableList<Scenario> chosen =
          known.stream()
              .filter(each -> all || (safe && each.safe()) || names.contains(each.name()))
              .collect(ImmutableList.toImmutableList());
      if (chosen.isEmpty()) {
        throw new LabException("Name a scenario, or --all, or --safe; see ops/lab list");
      }
      return chosen;
    }

    private int run(ImmutableList<Scenario> scenarios) {
      LabNetwork network = LabNetwork.create();
      List<ScenarioResult> results = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        for (Scenario scenario : scenarios) {
          Optional<ScenarioResult> result = runOne(scenario, network);
          if (result.isEmpty()) {
            return FAILED;
          }
          results.add(result.orElseThrow());
          out.println(result.orElseThrow().line());
          write(ImmutableList.copyOf(results));
        }
      }
      long failed = results.stream().filter(result -> !result.passed()).count();
      out.printf("%d runs, %d failed; the tables are in %s%n", results.size(), failed, output());
      return failed == 0 ? 0 : FAILED;
    }

    /** Empty when somebody interrupted it. */
    private Optional<ScenarioResult> runOne(Scenario scenario, LabNetwork network) {
      try (LabDirectory directory = LabDirectory.create()) {
        try (LabProcesses processes = new LabProcesses(remove(directory))) {
          ScenarioResult result = new ScenarioRun(scenario, network, processes, directory).result();
          if (processes.interrupted()) {
            return Optional.empty();
          }
          if (!result.passed()) {
            directory.keep();
            out.println("The logs of " + scenario.name() + " are in " + directory.path());
          }
          return Optional.of(result);
        } finally {
          network.heal();
          if (!directory.kept()) {
            ScenarioWorld.unmount(directory.path());
          }
        }
      }
    }

    private static Runnable remove(LabDirectory directory) {
      return () -> {
        ScenarioWorld.unmount(directory.path());
        directory.close();
      };
    }

    private Path output() {
      return output == null ? Installation.find().root().resolve("target/lab") : output;
    }

    private void write(ImmutableList<ScenarioResult> results) {
      try {
        Files.createDirectories(output());
        Files.writeString(output().resolve("results.md"), ScenarioResult.markdown(results));
        Files.writeString(output().resolve("results.json"), ScenarioResult.json(results));
      } catch (IOException e) {
        throw new LabException("Cannot write the tables to " + output(), e);
      }
    }
  }
}
