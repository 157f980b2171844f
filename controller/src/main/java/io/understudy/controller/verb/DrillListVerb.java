package io.understudy.controller.verb;

import com.google.protobuf.util.Timestamps;
import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Sighting;
import io.understudy.v1.Drill;
import io.understudy.v1.Gateway;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the drills that the cluster remembers. */
@Command(name = "list", description = "Show the drills that the cluster remembers, newest first.")
final class DrillListVerb implements Callable<Integer> {
  private final Understudy root;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "COUNT",
      defaultValue = "20",
      converter = CountConverter.class,
      description = "At most so many (default: 20).")
  private int limit;

  DrillListVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      List<Drill> drills = new ArrayList<>();
      for (Gateway gateway : root.gatewaysOf(sighting.cluster())) {
        drills.addAll(client.drills().list(sighting, gateway.getId(), limit));
      }
      drills.sort(Comparator.comparing(Drill::getStartedAt, Timestamps.comparator()).reversed());
      root.printer().drills(drills.subList(0, Math.min(limit, drills.size())));
      return ExitCode.DONE.number();
    }
  }
}
