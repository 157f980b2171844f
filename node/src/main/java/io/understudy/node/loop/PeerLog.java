package io.understudy.node.loop;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerView;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line for each peer that comes or goes, and for each condition that arises or is over.
 */
final class PeerLog {
  private static final Logger log = LoggerFactory.getLogger(PeerLog.class);

  private PeerLog() {}

  static void tell(ImmutableMap<NodeId, PeerView> before, ImmutableMap<NodeId, PeerView> after) {
    after.forEach((node, view) -> {
      Optional<PeerView> former = Optional.ofNullable(before.get(node));
      if (former.map(PeerView::reachable).filter(r -> r == view.reachable()).isEmpty()) {
        log.info("Changed reach of peer node={} reachable={}", node, view.reachable());
      }
      tell(node, conditions(former), ImmutableSet.copyOf(view.conditions()));
    });
  }

  private static ImmutableSet<PeerCondition> conditions(Optional<PeerView> view) {
    return view.map(v -> ImmutableSet.copyOf(v.conditions())).orElse(ImmutableSet.of());
  }

  private static void tell(
      NodeId node, ImmutableSet<PeerCondition> before, ImmutableSet<PeerCondition> after) {
    for (PeerCondition condition : after) {
      if (!before.contains(condition)) {
        log.warn(
            "Condition of peer arose node={} condition={} sentence=\"{}\"",
            node,
            condition.type().text(),
            condition.sentence());
      }
    }
    for (PeerCondition condition : before) {
      if (!after.contains(condition)) {
        log.info("Condition of peer is over node={} condition={}", node, condition.type().text());
      }
    }
  }
}
