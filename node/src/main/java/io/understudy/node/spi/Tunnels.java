package io.understudy.node.spi;

import java.time.Instant;
import java.util.Optional;

/** The tunnels between the hosts. */
@FunctionalInterface
public interface Tunnels {
  /** A host without tunnels, or one that does not show them. */
  Tunnels NONE = _ -> Optional.empty();

  /**
   * When the tunnel to that peer last renewed its keys; empty where there is no tunnel to it, where
   * it never did, or where this process may not see it. Answers from memory within seconds of the
   * last look, else blocks for a look, for two seconds at most. Any thread.
   *
   * @param address host:port of the peer
   */
  Optional<Instant> lastHandshake(String address);
}
