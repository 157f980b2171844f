package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.output.Health;
import io.understudy.v1.Cluster;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the cluster, once or until interrupted. */
@Command(
    name = "status",
    description = "Show every gateway on every node, and why each is as it is.",
    footer = "%nExit codes: 0 every gateway is served, 3 degraded, 5 no node answers.")
final class StatusVerb implements Callable<Integer> {
  private final Understudy root;

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2s",
      paramLabel = "TIME",
      converter = SpanConverter.class,
      description = "Show it again at each change, and at least this often (default: 2s).")
  private @Nullable Duration watch;

  StatusVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (ClusterClient client = root.connect()) {
      Duration interval = watch;
      if (interval != null) {
        return new StatusWatch(root, client, interval).run();
      }
      Cluster cluster = root.selected(client.look().cluster());
      root.printer().status(cluster);
      ExitCode code = Health.problems(cluster).isEmpty() ? ExitCode.DONE : ExitCode.DEGRADED;
      return code.number();
    }
  }
}
