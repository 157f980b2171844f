package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;

/** Who this node is and how it is to be run; fixed for the life of the process. */
@Immutable
public record NodeSettings(
    NodeId self,
    InstanceId instance,
    String peerAddress,
    String version,
    LeaseTimings lease,
    ImmutableList<CellSettings> cells) {}
