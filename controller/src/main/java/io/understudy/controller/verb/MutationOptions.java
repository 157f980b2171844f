package io.understudy.controller.verb;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every verb that changes something. */
final class MutationOptions {
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
      names = "--no-wait",
      negatable = true,
      description = "Return once it is accepted; by default, wait until it has ended.")
  private boolean noWait;

  @Option(
      names = "--wait-timeout",
      paramLabel = "TIME",
      defaultValue = "3m",
      converter = SpanConverter.class,
      description = "How long to wait for the end (default: 3m).")
  private Duration waitTimeout = Duration.ofMinutes(3);

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

  boolean untilEnd() {
    return !noWait;
  }

  Duration waitTimeout() {
    return waitTimeout;
  }

  Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }
}
