package io.understudy.node.core.peers;

import com.google.errorprone.annotations.Immutable;
import java.time.Instant;

/** What a look at the tunnel to a peer showed. */
@Immutable
public sealed interface TunnelSight {
  /** When it last renewed its keys. */
  @Immutable
  record Handshake(Instant at) implements TunnelSight {}

  /** No tunnel to it, or one that has had no handshake since it was set up. */
  @Immutable
  record NoHandshake() implements TunnelSight {}

  /** This process may not see tunnels, or could not now. */
  @Immutable
  record Unreadable() implements TunnelSight {}
}
