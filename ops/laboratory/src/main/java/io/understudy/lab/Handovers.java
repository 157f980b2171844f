package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Streams;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/**
 * Lets the leadership change hands, by force or by command, and measures it from the outside, as a
 * trading client feels it.
 */
record Handovers(LabCluster cluster, TradingClients clients, Operator operator, Narrator narrator) {
  private static final Duration SWITCHOVER_LIMIT = Duration.ofSeconds(90);

  /** Kills daemon and gateway of the leader, and waits until orders pass through the other node. */
  TakeoverFigures crash(LabNode leader, LabNode successor) {
    return crash(leader, successor, leader::kill);
  }

  /**
   * Kills the daemon of the leader alone, lets its supervisor run the undertaker, and waits until
   * orders pass through the other node.
   */
  TakeoverFigures crashAndBury(LabNode leader, LabNode successor) {
    return crash(
        leader,
        successor,
        () -> {
          leader.killDaemon();
          int status = leader.bury();
          if (status != 0) {
            throw new LabException("The undertaker ended with status " + status);
          }
        });
  }

  private TakeoverFigures crash(LabNode leader, LabNode successor, Runnable death) {
    Instant lastCode = lastCode();
    try (PhaseWatch watch = PhaseWatch.start(cluster, successor.id())) {
      LabProcess daemon = leader.daemon();
      String pids =
          String.join(
              " ", daemon.children().stream().map(child -> Long.toString(child.pid())).toList());
      Instant wall = Instant.now();
      long nanos = System.nanoTime();
      death.run();
      narrator.typed("kill -9 %d %s".formatted(daemon.pid(), pids));
      long resumed = clients.awaitFirst(successor, nanos);
      return TakeoverFigures.of(
          wall, wall.plusNanos(resumed - nanos), watch.phasesAfter(wall), lastCode);
    }
  }

  /** Hands over by command. */
  TakeoverFigures switchover(LabNode from, LabNode to, String reason) {
    Instant lastCode = lastCode();
    try (PhaseWatch watch = PhaseWatch.start(cluster, to.id())) {
      Instant wall = Instant.now();
      long nanos = System.nanoTime();
      var _ =
          operator.types(
              0, SWITCHOVER_LIMIT, "failover", "--to", to.id(), "--reason", reason, "--yes");
      long resumed = clients.awaitFirst(to, nanos);
      long stopped = clients.at(from).lastBefore(System.nanoTime()).orElse(nanos);
      if (stopped - resumed > 0) {
        throw new LabException("The old relay still answered after the new one had begun");
      }
      return TakeoverFigures.of(
          wall.plusNanos(stopped - nanos),
          wall.plusNanos(resumed - nanos),
          watch.phasesAfter(wall),
          lastCode);
    }
  }

  /** When the broker last saw a one-time code of the lab's user; the epoch when it needs none. */
  private Instant lastCode() {
    JsonNode report = cluster.broker().report();
    if (report.path("codeSubmissions").asInt() == 0) {
      return Instant.EPOCH;
    }
    return Streams.stream(report.path("loginList"))
        .map(login -> Instant.parse(login.path("at").asText()))
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH);
  }
}
