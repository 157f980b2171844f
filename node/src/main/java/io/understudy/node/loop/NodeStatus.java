package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.Observations.AccountLook;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What this node knows, published by the loop after each pass; immutable, read by any thread.
 * Everything that the API, the HTTP endpoints and the metrics show comes from here, never from a
 * call to the broker.
 *
 * @param at wall clock of the pass
 * @param self this node's own record as of the pass (fresher than the one in {@code cluster})
 * @param connected whether coordination answers (not suspended, not expired)
 * @param cluster the last snapshot of coordination; empty before the first
 * @param clusterAge how old the snapshot was at {@code at}
 * @param lastContact per node: time since its record last changed, by our monotonic clock
 * @param mayLeadIn per gateway: what is left of the leader's lease as seen here; no other node can
 *     lead before that has passed; absent where no lease is known to run
 * @param codeRequested per gateway: the login waits for a one-time code from an operator (only such
 *     gateways are present)
 * @param loginProgress per gateway: what the login says of itself (only while one runs)
 * @param peers what the probes of the other nodes say; a node that was never probed is absent
 * @param servers the coordination servers as last asked, in the order of the connect string; empty
 *     before the first time
 * @param accounts per gateway: the last look at its account in this life, however old
 * @param failuresMax the login budget's limit of failed submissions in a row
 * @param lastPass how long the loop's former pass took, from what was seen to effects handed out
 * @param passes how many passes the loop has made; it grows while the loop lives
 */
@Immutable
public record NodeStatus(
    Instant at,
    String clusterName,
    NodeRecord self,
    boolean connected,
    Optional<CoordinationSnapshot> cluster,
    Duration clusterAge,
    ImmutableMap<NodeId, Duration> lastContact,
    ImmutableMap<GatewayId, Duration> mayLeadIn,
    ImmutableMap<GatewayId, Boolean> codeRequested,
    ImmutableMap<GatewayId, String> loginProgress,
    ImmutableMap<NodeId, PeerView> peers,
    ImmutableList<ServerView> servers,
    ImmutableMap<GatewayId, AccountLook> accounts,
    int failuresMax,
    Duration lastPass,
    long passes) {}
