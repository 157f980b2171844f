package io.understudy.node.loop;

import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One-time codes that operators handed in and no login has taken yet: at most one a gateway, the
 * newest. Any thread.
 */
final class OperatorCodes {
  private final Map<GatewayId, Secret> codes = new HashMap<>();
  private final Map<GatewayId, Integer> counts = new HashMap<>();

  /** Keeps the code and returns how many were handed in for the gateway. */
  synchronized int put(GatewayId gateway, Secret code) {
    Secret before = codes.put(gateway, code);
    if (before != null) {
      before.close();
    }
    return counts.merge(gateway, 1, Integer::sum);
  }

  synchronized Optional<Secret> take(GatewayId gateway) {
    return Optional.ofNullable(codes.remove(gateway));
  }
}
