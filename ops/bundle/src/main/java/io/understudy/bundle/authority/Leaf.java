package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.Operator;
import java.util.Locale;
import java.util.Optional;

/**
 * A certificate that the cluster needs, and what it has to say.
 *
 * @param name of the host or the operator
 * @param commonName CN of the subject
 * @param unit OU of the subject
 * @param host whose names and addresses it holds for; empty for a person
 */
@Immutable
record Leaf(
    Kind kind, String name, String commonName, String unit, String cluster, Optional<Where> host) {

  /** A host's name and its address in the tunnel. */
  @Immutable
  record Where(String id, String address) {}

  /** All that the cluster needs, in the order of its file. */
  static ImmutableList<Leaf> of(ClusterFile cluster) {
    ImmutableList.Builder<Leaf> leaves = ImmutableList.builder();
    for (Host node : cluster.nodes()) {
      leaves.add(of(cluster, Kind.NODE, node, node.id(), "node"));
    }
    for (Operator operator : cluster.operators().values()) {
      String unit = operator.role().name().toLowerCase(Locale.ROOT);
      String name = operator.name();
      leaves.add(new Leaf(Kind.OPERATOR, name, name, unit, cluster.name(), Optional.empty()));
    }
    for (Host node : cluster.nodes()) {
      // One name for all nodes: what one of them writes in ZooKeeper, the others may change.
      leaves.add(of(cluster, Kind.CLIENT, node, "nodes", "coordination"));
    }
    for (Host voter : cluster.voters()) {
      leaves.add(of(cluster, Kind.SERVER, voter, voter.id(), "server"));
    }
    return leaves.build();
  }

  private static Leaf of(
      ClusterFile cluster, Kind kind, Host host, String commonName, String unit) {
    Where where = new Where(host.id(), host.address());
    return new Leaf(kind, host.id(), commonName, unit, cluster.name(), Optional.of(where));
  }

  /** For sentences: {@code node certificate of alpha}. */
  String described() {
    return kind.described(name);
  }
}
