package io.understudy.node.page;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.BrokerageSession;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.Directives;
import io.understudy.v1.Gateway;
import io.understudy.v1.LoginBudget;
import io.understudy.v1.Node;
import io.understudy.v1.Phase;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Something that a person should know, now: what it is about, and one sentence with the remedy
 * where there is one. Pure.
 *
 * @param about a gateway, a node, or the cluster
 */
@Immutable
record Attention(Level level, String about, String sentence) {
  /** How urgent. */
  enum Level {
    CRITICAL,
    WARNING,
    INFO
  }

  /**
   * Everything about the cluster, the most urgent first.
   *
   * @param status where {@code cluster} comes from
   */
  static ImmutableList<Attention> of(Cluster cluster, NodeStatus status) {
    ImmutableList.Builder<Attention> all = ImmutableList.builder();
    if (cluster.getStale()) {
      all.add(
          critical(
              cluster.getAnsweredBy(),
              "coordination does not answer, this is the last that the node knew"));
    }
    cluster
        .getNodesList()
        .forEach(node -> unregistered(node, cluster.getStale()).ifPresent(all::add));
    for (Gateway gateway : cluster.getGatewaysList()) {
      service(gateway).ifPresent(all::add);
      standby(gateway).ifPresent(all::add);
      logins(gateway).ifPresent(all::add);
      wishes(gateway.getId(), gateway.getDirectives()).ifPresent(all::add);
      gateway.getCellsList().forEach(cell -> competing(cell).ifPresent(all::add));
    }
    status.peers().values().forEach(peer -> peer(peer).forEach(all::add));
    servers(status.servers()).forEach(all::add);
    drills(status).forEach(all::add);
    status
        .codeRequested()
        .keySet()
        .forEach(gateway ->
            all.add(
                critical(
                    gateway.value(),
                    "the login waits for a one-time code: give it with `understudy login`")));
    return all.build().stream()
        .sorted(Comparator.comparing(Attention::level))
        .collect(ImmutableList.toImmutableList());
  }

  private static Stream<Attention> peer(PeerView peer) {
    return peer.conditions().stream()
        .map(condition ->
            new Attention(level(condition.type()), peer.node().value(), condition.sentence()));
  }

  private static Level level(PeerCondition.Type type) {
    return switch (type) {
      case SPLIT_VIEW -> Level.CRITICAL;
      case PEER_UNREACHABLE_BUT_REGISTERED, PEER_REGISTERED_ELSEWHERE, CLOCK_SKEW, TUNNEL_STALE ->
          Level.WARNING;
      case VERSION_SKEW -> Level.INFO;
    };
  }

  private static Stream<Attention> drills(NodeStatus status) {
    return status.cluster().stream()
        .flatMap(cluster -> cluster.gateways().entrySet().stream())
        .flatMap(gateway ->
            gateway.getValue().drill().value().underWay().stream()
                .map(drill ->
                    new Attention(
                        Level.INFO,
                        gateway.getKey().value(),
                        "a %s drill is under way until %s at the latest: %s; `understudy drill abort` ends it"
                            .formatted(
                                drill.plan().kind().word(), drill.deadline(), drill.sentence()))));
  }

  private static Stream<Attention> servers(ImmutableList<ServerView> servers) {
    long up = servers.stream().filter(ServerView::up).count();
    Level level = 2 * up > servers.size() ? Level.WARNING : Level.CRITICAL;
    return servers.stream()
        .filter(server -> !server.up())
        .map(server ->
            new Attention(
                level,
                "coordination",
                "the server %s takes no part: %s".formatted(server.server(), server.mode())));
  }

  private static Attention critical(String about, String sentence) {
    return new Attention(Level.CRITICAL, about, sentence);
  }

  private static Attention warning(String about, String sentence) {
    return new Attention(Level.WARNING, about, sentence);
  }

  private static Optional<Attention> unregistered(Node node, boolean stale) {
    return node.getRegistered() || stale
        ? Optional.empty()
        : Optional.of(
            warning(node.getId(), "the node has no record in coordination: it is down or cut off"));
  }

  /** Whether somebody serves it, and nobody else does. */
  private static Optional<Attention> service(Gateway gateway) {
    long serving = gateway.getCellsList().stream().filter(Attention::serves).count();
    if (serving > 1) {
      return Optional.of(critical(gateway.getId(), serving + " nodes say that they serve it"));
    }
    if (serving == 1) {
      return Optional.empty();
    }
    Optional<Cell> leader = gateway.getCellsList().stream().filter(Cell::getLeader).findFirst();
    Directives wishes = gateway.getDirectives();
    if (wishes.getTradingHalted()
        && leader.map(Cell::getPhase).equals(Optional.of(Phase.PHASE_SERVING))) {
      return Optional.empty(); // Said among the operators' wishes.
    }
    if (wishes.getLoggedOut()) {
      return Optional.of(
          new Attention(
              Level.INFO,
              gateway.getId(),
              "an operator logged it out: `understudy login` ends that"));
    }
    if (leader.isPresent() && leader.get().getPhase() == Phase.PHASE_NEEDS_OPERATOR) {
      return Optional.of(
          critical(
              gateway.getId(),
              leader.get().getNode() + " needs a person: " + leader.get().getWhy().getSentence()));
    }
    if (leader.isPresent() && busy(leader.get().getPhase())) {
      return Optional.of(
          warning(
              gateway.getId(),
              leader.get().getNode() + " takes over: " + leader.get().getWhy().getSentence()));
    }
    String why =
        leader
            .map(cell -> cell.getNode() + ": " + cell.getWhy().getSentence())
            .orElse("nobody leads");
    return Optional.of(critical(gateway.getId(), "nobody serves it, " + why));
  }

  private static boolean serves(Cell cell) {
    return cell.getPhase() == Phase.PHASE_SERVING && cell.getGateOpen();
  }

  private static boolean busy(Phase phase) {
    return switch (phase) {
      case PHASE_CLAIMING, PHASE_FENCING, PHASE_LOGGING_IN, PHASE_VERIFYING, PHASE_RECONCILING ->
          true;
      case PHASE_UNSPECIFIED,
          PHASE_STANDBY,
          PHASE_SERVING,
          PHASE_CEDING,
          PHASE_SELF_FENCING,
          PHASE_NEEDS_OPERATOR,
          UNRECOGNIZED ->
          false;
    };
  }

  /** Whether another node could take over. */
  private static Optional<Attention> standby(Gateway gateway) {
    ImmutableList<Cell> others =
        gateway.getCellsList().stream()
            .filter(cell -> !cell.getLeader())
            .collect(ImmutableList.toImmutableList());
    if (gateway.getLeader().isEmpty() || others.stream().anyMatch(Cell::getReady)) {
      return Optional.empty();
    }
    String why =
        others.stream()
            .findFirst()
            .map(cell -> cell.getNode() + ": " + cell.getWhy().getSentence())
            .orElse("no other node is there");
    return Optional.of(warning(gateway.getId(), "nobody could take over now, " + why));
  }

  private static Optional<Attention> logins(Gateway gateway) {
    LoginBudget budget = gateway.getLoginBudget();
    if (budget.hasLockedUntil()) {
      Instant until = WireTimes.instant(budget.getLockedUntil());
      String end =
          until.equals(Instant.MAX) ? "until `understudy unlock`" : "until " + until + " (UTC)";
      return Optional.of(
          critical(gateway.getId(), "logins are locked " + end + ": " + budget.getLockReason()));
    }
    return budget.getFailuresInRow() == 0
        ? Optional.empty()
        : Optional.of(
            warning(
                gateway.getId(),
                "%d of %d logins in a row have failed"
                    .formatted(budget.getFailuresInRow(), budget.getFailuresMax())));
  }

  private static Optional<Attention> wishes(String gateway, Directives wishes) {
    if (wishes.getTradingHalted()) {
      return Optional.of(
          warning(gateway, "trading is halted by an operator: `understudy unhalt` ends that"));
    }
    return wishes.getPaused()
        ? Optional.of(
            warning(
                gateway, "automation is paused, nobody takes over: `understudy resume` ends that"))
        : Optional.empty();
  }

  private static Optional<Attention> competing(Cell cell) {
    return cell.getSession() == BrokerageSession.BROKERAGE_SESSION_COMPETING
        ? Optional.of(
            warning(
                cell.getGateway(),
                "somebody else uses the login that " + cell.getNode() + " holds"))
        : Optional.empty();
  }
}
