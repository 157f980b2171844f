package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;

/** All of coordination that the core needs, read after a sync. Keys in natural order. */
@Immutable
public record CoordinationSnapshot(
    ImmutableMap<NodeId, NodeRecord> nodes, ImmutableMap<GatewayId, GatewayRecords> gateways) {

  /**
   * The same, with no time step forgotten that stood in an earlier read. A step that is on record
   * never goes back, unless the servers have lost their data; its code may be used up all the same.
   */
  CoordinationSnapshot rememberingStepsOf(CoordinationSnapshot earlier) {
    ImmutableMap.Builder<GatewayId, GatewayRecords> remembered = ImmutableMap.builder();
    gateways.forEach((gateway, records) -> {
      GatewayRecords before = earlier.gateways.get(gateway);
      remembered.put(
          gateway,
          before == null ? records : records.withStepAtLeast(before.ledger().value().lastStep()));
    });
    return new CoordinationSnapshot(nodes, remembered.buildOrThrow());
  }
}
