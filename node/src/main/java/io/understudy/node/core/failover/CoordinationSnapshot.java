package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;

/** All of coordination that the core needs, read after a sync. Keys in natural order. */
@Immutable
public record CoordinationSnapshot(
    ImmutableMap<NodeId, NodeRecord> nodes, ImmutableMap<GatewayId, GatewayRecords> gateways) {}
