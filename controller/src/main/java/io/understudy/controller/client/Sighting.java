package io.understudy.controller.client;

import io.understudy.v1.Cluster;
import io.understudy.v1.Gateway;
import io.understudy.v1.Node;
import java.util.Optional;

/** The cluster as one node described it. */
public record Sighting(Cluster cluster, Endpoint endpoint) {
  /** Where to send what the gateway's leader has to carry out: the answering node if none leads. */
  Endpoint leaderOf(String gateway) {
    Optional<String> leader =
        cluster.getGatewaysList().stream()
            .filter(candidate -> candidate.getId().equals(gateway))
            .map(Gateway::getLeader)
            .findFirst();
    return leader
        .filter(name -> !name.equals(cluster.getAnsweredBy()))
        .flatMap(this::addressOf)
        .orElse(endpoint);
  }

  private Optional<Endpoint> addressOf(String node) {
    return cluster.getNodesList().stream()
        .filter(candidate -> candidate.getId().equals(node))
        .map(Node::getAddress)
        .findFirst()
        .flatMap(Endpoint::parse);
  }
}
