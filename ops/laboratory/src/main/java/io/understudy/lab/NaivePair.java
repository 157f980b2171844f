package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Two {@link NaiveNode}s on the hosts of the nodes, of which the primary's leads at first. */
final class NaivePair {
  private static final Duration START_LIMIT = Duration.ofSeconds(20);
  private static final Duration END_LIMIT = Duration.ofSeconds(40);

  private final LabProcess primary;
  private final LabProcess standby;

  private NaivePair(LabProcess primary, LabProcess standby) {
    this.primary = primary;
    this.standby = standby;
  }

  static NaivePair start(LabCluster cluster) {
    LabProcess primary = launch(cluster, cluster.node(LabNetwork.PRIMARY));
    primary.awaitReady(START_LIMIT, () -> times(primary, "leads").size() == 1);
    LabProcess standby = launch(cluster, cluster.node(LabNetwork.STANDBY));
    standby.awaitReady(START_LIMIT, () -> standby.said(NaiveNode.STANDS));
    return new NaivePair(primary, standby);
  }

  /**
   * What happened after a cut.
   *
   * @param believed for how long the primary's went on believing that it leads
   * @param led after how long the standby's led
   */
  record Handover(Duration believed, Duration led) {
    /** For how long there were two leaders; negative when there was none for a while. */
    Duration overlap() {
      return believed.minus(led);
    }
  }

  /** Waits until the leadership has changed hands after the cut. */
  Handover after(Instant cut) {
    boolean handedOver =
        Waiting.until(
            END_LIMIT,
            () ->
                first(primary, "rests", cut).isPresent()
                    && first(standby, "leads", cut).isPresent());
    if (!handedOver) {
      throw new LabException("The naive pair did not hand over" + standby.last());
    }
    return new Handover(
        first(primary, "rests", cut).orElseThrow(), first(standby, "leads", cut).orElseThrow());
  }

  private static Optional<Duration> first(LabProcess process, String what, Instant cut) {
    return times(process, what).stream()
        .map(millis -> Duration.between(cut, Instant.ofEpochMilli(millis)))
        .filter(Duration::isPositive)
        .findFirst();
  }

  private static LabProcess launch(LabCluster cluster, LabNode node) {
    return CoordinationProgram.start(
        cluster,
        node,
        "naive-node",
        NaiveNode.class,
        Long.toString(cluster.settings().sessionTimeout().toMillis()));
  }

  private static ImmutableList<Long> times(LabProcess process, String what) {
    try {
      return Files.readAllLines(process.log()).stream()
          .filter(line -> line.matches("[0-9]+ " + what))
          .map(line -> Long.parseLong(line.split(" ", 2)[0]))
          .collect(ImmutableList.toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + process.log(), e);
    }
  }
}
