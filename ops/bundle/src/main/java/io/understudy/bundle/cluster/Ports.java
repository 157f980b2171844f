package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.Immutable;

/**
 * Where the programs listen on the hosts' tunnel addresses.
 *
 * @param api gRPC of the nodes
 * @param http health and metrics of the nodes
 * @param page the status page of the nodes
 * @param coordination ZooKeeper's clients, with TLS
 * @param quorum ZooKeeper's servers among each other
 * @param election the same, for elections
 */
@Immutable
public record Ports(int api, int http, int page, int coordination, int quorum, int election) {
  public static final Ports DEFAULT = new Ports(7443, 7480, 7481, 2281, 2888, 3888);
}
