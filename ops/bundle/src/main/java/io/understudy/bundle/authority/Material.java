package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;

/**
 * Everything secret or signed that goes into bundles, as it stands in the authority's folder now.
 *
 * <p>The API and coordination have authorities of their own: whoever reaches ZooKeeper's client
 * port with a certificate that it accepts can close a leader's session, and no operator's
 * certificate may do that.
 *
 * @param tunnels one, or two while keys are rotated
 * @param apiTrust PEM: the authorities of nodes and operators, two of them during a rotation
 * @param coordinationTrust PEM: the authorities of ZooKeeper's servers and clients
 * @param nodes by host id: a node towards operators and other nodes, CN=host, OU=node
 * @param coordinationClients by host id: a node towards ZooKeeper; all of them share one subject
 *     name, because records belong to it
 * @param coordinationServers by host id: a ZooKeeper server towards clients and other servers
 * @param operators by name: CN=name, OU=operator or viewer; an operator whose certificates were
 *     revoked is missing until he gets a new one
 * @param revoked serials of certificates of the API that count no longer, sorted: revoked ones, and
 *     those of nodes and operators who left the cluster, also when they came back since
 * @param serverIds of the ZooKeeper servers by host id, lowest first; a host keeps its own for ever
 */
@Immutable
public record Material(
    ImmutableList<TunnelKeys> tunnels,
    String apiTrust,
    String coordinationTrust,
    ImmutableMap<String, Identity> nodes,
    ImmutableMap<String, Identity> coordinationClients,
    ImmutableMap<String, Identity> coordinationServers,
    ImmutableMap<String, Identity> operators,
    ImmutableList<String> revoked,
    ImmutableMap<String, Integer> serverIds) {
  @Override
  public String toString() {
    return "Material[" + tunnels + ", nodes=" + nodes.keySet() + "]";
  }
}
