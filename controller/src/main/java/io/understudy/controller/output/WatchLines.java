package io.understudy.controller.output;

import io.understudy.controller.text.Spans;
import io.understudy.v1.Cluster;
import io.understudy.v1.Condition;
import io.understudy.v1.ConditionStatus;
import io.understudy.v1.CoordinationServer;
import io.understudy.v1.Node;
import io.understudy.v1.PeerLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What the answering node's probes say of the other nodes and of the coordination servers. */
final class WatchLines {
  /** Whatever should not be; the other conditions of a node are well when they hold. */
  private static final Set<String> TROUBLES =
      Set.of(
          "PeerUnreachableButRegistered",
          "PeerRegisteredElsewhere",
          "ClockSkew",
          "TunnelStale",
          "SplitView",
          "VersionSkew");

  private WatchLines() {}

  /** A line for each peer that is probed. */
  static List<String> peers(Cluster cluster) {
    return cluster.getNodesList().stream()
        .filter(Node::hasLink)
        .map(node -> node.getId() + " " + link(node.getLink(), cluster))
        .toList();
  }

  private static String link(PeerLink link, Cluster cluster) {
    if (!link.getReachable()) {
      Duration away =
          Duration.between(Times.instant(link.getSince()), Times.instant(cluster.getAt()));
      return "has not answered probes for " + Spans.text(away);
    }
    List<String> parts = new ArrayList<>();
    parts.add("answers");
    if (link.hasRoundTrip()) {
      parts.add("round trip " + Spans.text(Times.duration(link.getRoundTrip())));
    }
    if (link.hasClockOffset()) {
      Duration offset = Times.duration(link.getClockOffset());
      parts.add("clock " + Spans.text(offset.abs()) + (offset.isNegative() ? " behind" : " ahead"));
    }
    if (link.hasHandshakeAge()) {
      parts.add("tunnel handshake " + Spans.text(Times.duration(link.getHandshakeAge())) + " ago");
    }
    return String.join(", ", parts);
  }

  /** One line, or none while the servers were not asked yet. */
  static List<String> servers(Cluster cluster) {
    if (cluster.getServersCount() == 0) {
      return List.of();
    }
    long up = cluster.getServersList().stream().filter(CoordinationServer::getUp).count();
    String modes =
        cluster.getServersList().stream()
            .map(server -> server.getServer() + " " + server.getMode())
            .collect(Collectors.joining(", "));
    return List.of("%d of %d up: %s".formatted(up, cluster.getServersCount(), modes));
  }

  /** What needs a look, though the gateways may be served all the same. */
  static List<String> warnings(Cluster cluster) {
    List<String> warnings = new ArrayList<>();
    for (Node node : cluster.getNodesList()) {
      for (Condition condition : node.getConditionsList()) {
        boolean holds = condition.getStatus() == ConditionStatus.CONDITION_STATUS_TRUE;
        if (holds && TROUBLES.contains(condition.getType())) {
          warnings.add(condition.getType() + ": " + condition.getReason().getSentence());
        }
      }
    }
    cluster.getServersList().stream()
        .filter(server -> !server.getUp())
        .map(server -> "coordination server " + server.getServer() + " " + server.getMode())
        .forEach(warnings::add);
    return warnings;
  }
}
