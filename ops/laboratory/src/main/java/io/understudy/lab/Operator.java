package io.understudy.lab;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The person at the terminal: types commands, which the narrator shows with what they printed, and
 * looks at the cluster.
 */
final class Operator {
  private static final Duration READ_LIMIT = Duration.ofSeconds(20);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(300);

  private final CommandLine commandLine;
  private final Narrator narrator;

  Operator(CommandLine commandLine, Narrator narrator) {
    this.commandLine = commandLine;
    this.narrator = narrator;
  }

  /** Types a command that has to end with the given status. */
  CommandLine.Ran types(int expectedStatus, Duration limit, String... arguments) {
    CommandLine.Ran ran = commandLine.run(limit, arguments);
    narrator.command(ran);
    if (ran.exitCode() != expectedStatus) {
      throw new LabException(
          ran.shown()
              + " ended with status "
              + ran.exitCode()
              + ", expected "
              + expectedStatus
              + "; it said: "
              + ran.output().strip());
    }
    return ran;
  }

  /** Types a command that may end with any status. */
  CommandLine.Ran typesAnyhow(Duration limit, String... arguments) {
    CommandLine.Ran ran = commandLine.run(limit, arguments);
    narrator.command(ran);
    return ran;
  }

  CommandLine.Ran status(int expectedStatus) {
    return types(expectedStatus, READ_LIMIT, "status");
  }

  /** The cluster now, asked for quietly; empty while nobody answers. */
  Optional<ClusterView> looks() {
    CommandLine.Ran ran = commandLine.run(READ_LIMIT, "status", "-o", "json");
    return ran.output().startsWith("{") ? ClusterView.parse(ran.output()) : Optional.empty();
  }

  /** Looks until the cluster is as expected; the sentence completes "… did not happen". */
  ClusterView waits(Duration limit, String sentence, Predicate<ClusterView> expected) {
    Optional<?>[] seen = {Optional.empty()};
    boolean happened =
        Waiting.until(
            limit,
            LOOK_PAUSE,
            () -> {
              Optional<ClusterView> view = looks();
              seen[0] = view;
              return view.filter(expected).isPresent();
            });
    if (!happened) {
      throw new LabException(
          sentence
              + " did not happen within "
              + limit.toSeconds()
              + " s; last seen: "
              + seen[0].map(Object::toString).orElse("nobody answers"));
    }
    return seen[0].map(ClusterView.class::cast).orElseThrow();
  }
}
