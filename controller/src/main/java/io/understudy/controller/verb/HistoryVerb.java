package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Sighting;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what happened. */
@Command(
    name = "history",
    description = "Show transitions and operators' commands, with who and why, newest first.")
final class HistoryVerb implements Callable<Integer> {
  private final Understudy root;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      defaultValue = "50",
      converter = CountConverter.class,
      description = "At most so many entries (default: 50).")
  private int limit;

  HistoryVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      root.printer()
          .history(Histories.newest(client, sighting, root.gatewaysOf(sighting.cluster()), limit));
      return ExitCode.DONE.number();
    }
  }
}
