package io.understudy.node.spi;

import io.understudy.node.core.peers.TunnelSight;

/** The tunnels between the hosts. */
@FunctionalInterface
public interface Tunnels {
  /** A host without tunnels, or one that does not show them. */
  Tunnels NONE = _ -> new TunnelSight.Unreadable();

  /**
   * When the tunnel to that peer last renewed its keys, as far as that can be seen. Answers from
   * memory within seconds of the last look, else blocks for a look, for two seconds at most. Any
   * thread.
   *
   * @param address host:port of the peer
   */
  TunnelSight lastHandshake(String address);
}
