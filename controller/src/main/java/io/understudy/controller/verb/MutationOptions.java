package io.understudy.controller.verb;

import io.understudy.controller.client.Patience;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every verb that changes something and waits for its end. */
final class MutationOptions {
  @Mixin private final RequestOptions request = new RequestOptions();

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

  RequestOptions request() {
    return request;
  }

  /**
   * @param answer how long to wait for the first answer
   */
  Patience patience(Duration answer) {
    return new Patience(answer, waitTimeout, !noWait);
  }
}
