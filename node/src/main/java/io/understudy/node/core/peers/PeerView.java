package io.understudy.node.core.peers;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A peer as this node's probes see it.
 *
 * @param reachable whether probes are answered; one that is lost does not change it
 * @param since wall clock, since when it is reachable or not
 * @param roundTrip of the last answered probe, without the time that the peer took
 * @param clockOffset its wall clock less ours, by the quickest of the latest answers; positive: its
 *     clock is ahead
 * @param handshakeAge since the tunnel to it last renewed its keys; empty where that cannot be read
 * @param version that it runs; empty before the first answer
 * @param conditions that hold, in the order of their types
 */
@Immutable
public record PeerView(
    NodeId node,
    boolean reachable,
    Instant since,
    Optional<Duration> roundTrip,
    Optional<Duration> clockOffset,
    Optional<Duration> handshakeAge,
    Optional<String> version,
    ImmutableList<PeerCondition> conditions) {}
