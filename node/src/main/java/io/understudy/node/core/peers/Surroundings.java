package io.understudy.node.core.peers;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.InstanceId;
import java.time.Duration;
import java.util.Optional;

/**
 * What this node knows itself when it judges a peer.
 *
 * @param connected coordination answers here
 * @param registered which life of the peer has a record in coordination
 * @param version that runs here
 * @param clockSkewMax how far two clocks may be apart
 * @param gateways as seen here
 */
@Immutable
public record Surroundings(
    boolean connected,
    Optional<InstanceId> registered,
    String version,
    Duration clockSkewMax,
    ImmutableList<GatewaySight> gateways) {}
