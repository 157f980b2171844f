package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Carries out one scenario on a cluster of its own: the steps, then the cluster has to be whole and
 * serving again, then the records are judged.
 */
final class ScenarioRun {
  private final Scenario scenario;
  private final LabNetwork network;
  private final LabProcesses processes;
  private final LabDirectory directory;
  private Optional<String> leader = Optional.empty();
  private Optional<TakeoverFigures> takeover = Optional.empty();
  private ImmutableList<String> notes = ImmutableList.of();
  private Optional<Verdict> verdict = Optional.empty();

  ScenarioRun(
      Scenario scenario, LabNetwork network, LabProcesses processes, LabDirectory directory) {
    this.scenario = scenario;
    this.network = network;
    this.processes = processes;
    this.directory = directory;
  }

  ScenarioResult result() {
    long start = System.nanoTime();
    Optional<String> failure = run();
    return new ScenarioResult(
        scenario,
        leader,
        takeover,
        verdict,
        failure,
        notes,
        Duration.ofNanos(System.nanoTime() - start));
  }

  private Optional<String> run() {
    try (ScenarioWorld world = new ScenarioWorld(scenario, network, processes, directory)) {
      Optional<String> disappointed = steps(world);
      // Judged in any case: a broken promise explains more than a step that was not as expected.
      Verdict given = Verdict.of(scenario, world);
      verdict = Optional.of(given);
      return given.broken().isEmpty()
          ? disappointed
          : Optional.of(
              String.join("; ", given.broken())
                  + disappointed.map(sentence -> "; and " + sentence).orElse(""));
    } catch (LabException | UncheckedIOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> steps(ScenarioWorld world) {
    String current = "the first look";
    try (Expectations expectations = new Expectations(world)) {
      ScenarioSteps steps = new ScenarioSteps(world, expectations);
      try {
        for (String step : scenario.steps()) {
          current = step;
          steps.run(step);
        }
        current = "the cluster is whole afterwards";
        LabNode serving = world.awaitService();
        world.expectTradingOnlyAt(serving);
        leader = Optional.of(serving.id());
      } finally {
        takeover = expectations.takeover();
        notes = expectations.notes();
      }
      return Optional.empty();
    } catch (LabException e) {
      return Optional.of(current + ": " + e.getMessage());
    }
  }
}
