package io.understudy.node.spi;

import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerAnswer;
import java.time.Duration;

/** Calls to other nodes. Each call on a lane of its own, bounded by its timeout. */
public interface PeerClient extends AutoCloseable {
  /**
   * Asks a node to stop acting for the gateway under any epoch below {@code epoch}. Returns only
   * when it confirmed that its gateway is logged out or gone and its relay shut.
   *
   * @param address host:port of its peer service
   */
  void relinquish(NodeId node, String address, GatewayId gateway, Epoch epoch, Duration timeout)
      throws DriverException;

  /**
   * Asks a node what it sees, and measures the way to it and its clock.
   *
   * @param address host:port of its peer service
   */
  PeerAnswer probe(NodeId node, String address, Duration timeout) throws DriverException;

  @Override
  void close();
}
