package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Makes the published status from what the loop holds. Pure. */
final class StatusView {
  private StatusView() {}

  static NodeStatus of(
      String cluster,
      Observations seen,
      NodeState state,
      NodeRecord self,
      Map<GatewayId, String> loginProgress,
      ImmutableList<ServerView> servers,
      int failuresMax,
      Duration lastPass,
      long passes,
      Now now) {
    return new NodeStatus(
        now.wall(),
        cluster,
        self,
        seen.connected(),
        seen.snapshot(),
        now.monotonic().since(seen.snapshotStartedAt()),
        contacts(seen, now),
        mayLeadIn(seen, self, now),
        codeRequested(self),
        ImmutableMap.copyOf(loginProgress),
        peers(state, now),
        servers,
        seen.accounts(),
        failuresMax,
        lastPass,
        passes);
  }

  /** Those that were probed; before the first probe there is nothing to say. */
  private static ImmutableMap<NodeId, PeerView> peers(NodeState state, Now now) {
    ImmutableMap.Builder<NodeId, PeerView> views = ImmutableMap.builder();
    state
        .peers()
        .forEach((node, peer) -> {
          if (peer.watch().known()) {
            views.put(node, peer.watch().view(now.wall()));
          }
        });
    return views.buildOrThrow();
  }

  private static ImmutableMap<NodeId, Duration> contacts(Observations seen, Now now) {
    ImmutableMap.Builder<NodeId, Duration> ages = ImmutableMap.builder();
    seen.contacts()
        .forEach((node, contact) -> ages.put(node, now.monotonic().since(contact.seenAt())));
    return ages.buildOrThrow();
  }

  /**
   * While the leader's lease runs nobody else can lead: our own lease where we lead, else the
   * leader's word less the age of that word.
   */
  private static ImmutableMap<GatewayId, Duration> mayLeadIn(
      Observations seen, NodeRecord self, Now now) {
    ImmutableMap.Builder<GatewayId, Duration> waits = ImmutableMap.builder();
    for (NodeRecord.CellRecord cell : self.cells()) {
      leaderOf(seen, cell.gateway())
          .flatMap(leader ->
              leader.node().equals(self.node())
                  ? self.leaseRemaining()
                  : leaseLeft(seen, leader, now))
          .ifPresent(left -> waits.put(cell.gateway(), left));
    }
    return waits.buildOrThrow();
  }

  private static Optional<NodeRecord> leaderOf(Observations seen, GatewayId gateway) {
    Optional<CoordinationSnapshot> snapshot = seen.snapshot();
    return snapshot
        .flatMap(s -> Optional.ofNullable(s.gateways().get(gateway)))
        .flatMap(records -> records.election().elected())
        .flatMap(leader -> snapshot.map(s -> s.nodes().get(leader)));
  }

  private static Optional<Duration> leaseLeft(Observations seen, NodeRecord leader, Now now) {
    Observations.Contact contact = seen.contacts().get(leader.node());
    if (contact == null) {
      return Optional.empty();
    }
    return leader
        .leaseRemaining()
        .map(left -> left.minus(now.monotonic().since(contact.seenAt())))
        .filter(left -> !left.isNegative());
  }

  private static ImmutableMap<GatewayId, Boolean> codeRequested(NodeRecord self) {
    ImmutableMap.Builder<GatewayId, Boolean> waiting = ImmutableMap.builder();
    for (NodeRecord.CellRecord cell : self.cells()) {
      if (cell.reason().code().equals("CodeAwaited")) {
        waiting.put(cell.gateway(), true);
      }
    }
    return waiting.buildOrThrow();
  }
}
