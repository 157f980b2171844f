package io.understudy.controller.verb;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What goes with every request that changes something. */
final class RequestOptions {
  @Option(
      names = {"-m", "--reason"},
      paramLabel = "TEXT",
      description = "Why, for the history; all but `resume` and a bare `reconcile` need one.")
  private @Nullable String reason;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Option(
      names = "--dry-run",
      description = "Let the cluster check everything and say what would happen; change nothing.")
  private boolean dryRun;

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description =
          "Identity of the request, 1 to 64 characters. With that of an earlier command: ask for"
              + " its outcome, never act twice.")
  private @Nullable String requestId;

  Optional<String> reason() {
    return Optional.ofNullable(reason).map(String::strip).filter(text -> !text.isEmpty());
  }

  boolean yes() {
    return yes;
  }

  boolean dryRun() {
    return dryRun;
  }

  Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }
}
