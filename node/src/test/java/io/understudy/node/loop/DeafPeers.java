package io.understudy.node.loop;

import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.PeerClient;
import java.time.Duration;

/** Nobody answers. */
final class DeafPeers implements PeerClient {
  @Override
  public void relinquish(
      NodeId node, String address, GatewayId gateway, Epoch epoch, Duration timeout)
      throws DriverException {
    throw silent(node);
  }

  @Override
  public PeerAnswer probe(NodeId node, String address, Duration timeout) throws DriverException {
    throw silent(node);
  }

  private static DriverException silent(NodeId node) {
    return DriverException.transientError("Node " + node + " does not answer");
  }

  @Override
  public void close() {}
}
