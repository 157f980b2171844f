package io.understudy.node.driver.zookeeper;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;

/** Where everything lies, below {@code /understudy/CLUSTER}. */
record ClusterPaths(String clusterName) {
  private static final String ROOT = "/understudy";

  String root() {
    return ROOT + "/" + clusterName;
  }

  String nodes() {
    return root() + "/nodes";
  }

  String node(NodeId node) {
    return nodes() + "/" + node;
  }

  String election(GatewayId gateway) {
    return gateway(gateway) + "/election";
  }

  String history(GatewayId gateway) {
    return gateway(gateway) + "/history";
  }

  String drills(GatewayId gateway) {
    return gateway(gateway) + "/drills";
  }

  String record(GatewayId gateway, RecordName name) {
    return gateway(gateway)
        + switch (name) {
          case CLAIM -> "/epoch";
          case CUSTODY -> "/custody";
          case LEDGER -> "/ledger";
          case DIRECTIVES -> "/directives";
          case MARKS -> "/marks";
          case DRILL -> "/drill";
        };
  }

  /** Everything that exists for good, each path after its parent. */
  ImmutableList<String> permanent(ImmutableList<GatewayId> gateways) {
    ImmutableList.Builder<String> paths = ImmutableList.builder();
    paths.add(ROOT, root(), nodes(), root() + "/gateways");
    for (GatewayId gateway : gateways) {
      paths.add(gateway(gateway), election(gateway), history(gateway), drills(gateway));
      for (RecordName name : RecordName.values()) {
        paths.add(record(gateway, name));
      }
    }
    return paths.build();
  }

  static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private String gateway(GatewayId gateway) {
    return root() + "/gateways/" + gateway;
  }
}
