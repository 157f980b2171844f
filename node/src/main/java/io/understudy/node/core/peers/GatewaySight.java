package io.understudy.node.core.peers;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import java.util.Optional;

/**
 * One gateway as one node sees it.
 *
 * @param leader whom it sees elected
 * @param epoch the highest that it knows to be claimed; {@link Epoch#NONE} before the first
 * @param actsUnder the epoch under which its own cell acts; {@link Epoch#NONE} while it is not
 *     entitled
 */
@Immutable
public record GatewaySight(
    GatewayId gateway, Optional<NodeId> leader, Epoch epoch, Epoch actsUnder) {

  /** Whether the node's own cell is entitled to anything. */
  public boolean acts() {
    return actsUnder.isAfter(Epoch.NONE);
  }
}
