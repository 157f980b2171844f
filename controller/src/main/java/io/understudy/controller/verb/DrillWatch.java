package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.drill.DrillWords;
import io.understudy.controller.output.DrillLines;
import io.understudy.controller.output.PhaseWords;
import io.understudy.controller.output.Times;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.Drill;
import io.understudy.v1.Gateway;
import io.understudy.v1.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one drill from outside, by asking again and again whichever node answers: the one that it
 * asked last may die in the drill, and the one that leads in the end may be unreachable now. Keeps
 * when it saw what, by the clock of this program, and how that clock stands against the nodes'.
 */
final class DrillWatch {
  private static final int LIST = 20;

  private final ClusterClient client;
  private final String gateway;
  private final String id;
  private final DrillLines lines;
  private final List<Seen> seen = new ArrayList<>();
  private @Nullable Sighting last;
  private @Nullable Anchor anchor;

  /**
   * @param client its timeout is how long a silent node holds this up
   */
  DrillWatch(ClusterClient client, String gateway, String id, DrillLines lines) {
    this.client = client;
    this.gateway = gateway;
    this.id = id;
    this.lines = lines;
  }

  /** A phase of a node, first seen at that time by {@link System#nanoTime}. */
  private record Seen(String node, long epoch, Phase phase, long at) {}

  /**
   * A moment by both clocks.
   *
   * @param wall by a node's
   * @param nanos by ours; right to within half of the time that the question took
   */
  private record Anchor(Instant wall, long nanos, long question) {}

  /** The drill as a node tells it now; empty when none that answers knows it. */
  Optional<Drill> look() {
    try {
      Sighting sighting = sighted();
      Optional<Drill> found =
          client.drills().list(sighting, gateway, LIST).stream()
              .filter(drill -> drill.getId().equals(id))
              .findFirst();
      found.ifPresent(lines::drill);
      return found;
    } catch (Failure failure) {
      last = null;
      if (failure.exitCode() != ExitCode.UNREACHABLE && failure.exitCode() != ExitCode.UNKNOWN) {
        throw new Failure(
            ExitCode.UNKNOWN,
            failure.reason(),
            "The drill goes on, and cannot be watched from here any more: " + failure.sentence());
      }
      lines.sayOnce("-", "no node answers just now: " + failure.sentence());
      return Optional.empty();
    }
  }

  /** A time of {@link System#nanoTime} by the nodes' clocks. */
  Instant wall(long nanos) {
    Anchor known = anchor;
    return known == null
        ? Instant.now().plusNanos(nanos - System.nanoTime())
        : known.wall().plusNanos(nanos - known.nanos());
  }

  /**
   * When the node was seen to enter each phase, in that span; phases in CamelCase as in the marks
   * of a drill.
   */
  Map<String, Instant> entered(String node, long from, long to) {
    Map<String, Instant> entered = new LinkedHashMap<>();
    for (Seen each : seen) {
      if (each.node().equals(node) && each.at() - from >= 0 && each.at() - to <= 0) {
        entered.putIfAbsent(camelCase(each.phase()), wall(each.at()));
      }
    }
    return entered;
  }

  private Sighting sighted() {
    long asked = System.nanoTime();
    Sighting sighting = again().orElseGet(client::look);
    long answered = System.nanoTime();
    last = sighting;
    if (!sighting.cluster().getStale()) {
      keepAnchor(sighting.cluster(), asked, answered);
      cells(sighting.cluster()).forEach(cell -> note(cell, answered));
    }
    return sighting;
  }

  /** From the node that answered last, while it does and knows what goes on. */
  private Optional<Sighting> again() {
    Sighting before = last;
    if (before == null) {
      return Optional.empty();
    }
    try {
      Cluster cluster = client.lookAgain(before);
      return cluster.getStale()
          ? Optional.empty()
          : Optional.of(new Sighting(cluster, before.endpoint()));
    } catch (Failure gone) {
      return Optional.empty();
    }
  }

  private void keepAnchor(Cluster cluster, long asked, long answered) {
    long question = answered - asked;
    Anchor before = anchor;
    if (cluster.hasAt() && (before == null || question < before.question())) {
      anchor = new Anchor(Times.instant(cluster.getAt()), asked + question / 2, question);
    }
  }

  private List<Cell> cells(Cluster cluster) {
    return cluster.getGatewaysList().stream()
        .filter(each -> each.getId().equals(gateway))
        .map(Gateway::getCellsList)
        .flatMap(List::stream)
        .toList();
  }

  private void note(Cell cell, long at) {
    boolean known =
        seen.reversed().stream()
            .filter(each -> each.node().equals(cell.getNode()))
            .findFirst()
            .filter(each -> each.phase() == cell.getPhase() && each.epoch() == cell.getEpoch())
            .isPresent();
    if (!known) {
      seen.add(new Seen(cell.getNode(), cell.getEpoch(), cell.getPhase(), at));
    }
    lines.cell(cell);
  }

  /** How long the cluster gives the drill. */
  static Duration span(Drill drill) {
    return Duration.between(
        DrillWords.instant(drill.getStartedAt()), DrillWords.instant(drill.getDeadline()));
  }

  private static String camelCase(Phase phase) {
    StringBuilder text = new StringBuilder();
    for (String word : PhaseWords.name(phase).split("_", -1)) {
      text.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }
}
