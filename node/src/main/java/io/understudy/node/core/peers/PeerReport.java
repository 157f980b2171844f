package io.understudy.node.core.peers;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import java.util.Optional;

/**
 * What a node says of itself and of the cluster when it is probed.
 *
 * @param instance which of its lives answered; empty from a version that does not say
 * @param connected whether coordination answers it; false from a version that does not say
 * @param gateways those that it runs or knows, one line each
 */
@Immutable
public record PeerReport(
    Optional<InstanceId> instance,
    String version,
    boolean connected,
    ImmutableList<GatewaySight> gateways) {

  public Optional<GatewaySight> sight(GatewayId gateway) {
    return gateways.stream().filter(sight -> sight.gateway().equals(gateway)).findFirst();
  }
}
