package io.understudy.node.metrics;

import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeStatus;
import java.util.Optional;

/** Why this node became leader of a gateway. */
enum LeaderChange {
  /** Nobody had led before. */
  FIRST,
  /** An operator ordered a switchover to this node. */
  SWITCHOVER,
  /** The former leader had given up in good order. */
  CEDED,
  /** The former leader was lost: its custody still stood in the records. */
  LOST;

  /** Of the claim of that epoch, as seen in a status from when it had just been made. */
  static LeaderChange of(NodeStatus status, GatewayId gateway, Epoch epoch) {
    boolean ordered =
        directives(status, gateway)
            .flatMap(Directives::switchover)
            .filter(s -> s.target().equals(status.self().node()) && epoch.isAfter(s.asOf()))
            .isPresent();
    if (ordered) {
      return SWITCHOVER;
    }
    if (TakeoverClock.formerHolder(status, gateway, epoch).isPresent()) {
      return LOST;
    }
    return epoch.equals(Epoch.NONE.next()) ? FIRST : CEDED;
  }

  private static Optional<Directives> directives(NodeStatus status, GatewayId gateway) {
    return status
        .cluster()
        .flatMap(cluster -> Optional.ofNullable(cluster.gateways().get(gateway)))
        .map(records -> records.directives().value());
  }
}
