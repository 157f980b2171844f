package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Follows one node by {@code understudy status --watch} and knows when it entered each phase, by
 * the node's own clock, which on one machine is everybody's.
 */
final class PhaseWatch implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(15);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

  private final LabProcess process;
  private final String node;

  private PhaseWatch(LabProcess process, String node) {
    this.process = process;
    this.node = node;
  }

  /** Starts to follow, and waits for the first picture. */
  static PhaseWatch start(LabCluster cluster, String node) {
    Path log = cluster.directory().resolve("watch-" + System.nanoTime() + ".jsonl");
    ImmutableList<String> command =
        cluster
            .commandLine()
            .command("--context", "node-" + node, "status", "--watch", "-o", "json");
    LabProcess process = cluster.processes().start("the watch of node " + node, command, log);
    PhaseWatch watch = new PhaseWatch(process, node);
    process.awaitReady(START_LIMIT, () -> !watch.views().isEmpty());
    return watch;
  }

  /** When the node entered each phase for the first time after the given moment, in that order. */
  ImmutableMap<String, Instant> phasesAfter(Instant moment) {
    Map<String, Instant> entered = new LinkedHashMap<>();
    for (ClusterView view : views()) {
      Optional<ClusterView.Cell> cell =
          view.cell(node).filter(each -> !each.since().isBefore(moment));
      cell.ifPresent(each -> entered.putIfAbsent(each.phase(), each.since()));
    }
    return ImmutableMap.copyOf(entered);
  }

  @Override
  public void close() {
    var _ = process.stop(STOP_LIMIT);
  }

  private ImmutableList<ClusterView> views() {
    try {
      String text = Files.readString(process.log());
      // The last line may be half written.
      String whole = text.substring(0, text.lastIndexOf('\n') + 1);
      return whole
          .lines()
          .filter(line -> line.startsWith("{"))
          .map(ClusterView::parse)
          .flatMap(Optional::stream)
          .collect(ImmutableList.toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + process.log(), e);
    }
  }
}
