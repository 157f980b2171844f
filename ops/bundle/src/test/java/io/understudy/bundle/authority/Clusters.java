package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import io.understudy.bundle.cluster.Alerts;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Drills;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.cluster.Log;
import io.understudy.bundle.cluster.Operator;
import io.understudy.bundle.cluster.Ports;
import io.understudy.bundle.cluster.Subnet;
import io.understudy.bundle.cluster.Timings;
import io.understudy.bundle.cluster.Tunnel;
import java.util.Optional;

/** Cluster files as the authority's tests need them: who is there, and where. */
final class Clusters {
  static final ClusterFile MAIN =
      cluster(
          ImmutableMap.of(
              "alpha", host("alpha", HostRole.PRIMARY, "10.77.0.1"),
              "beta", host("beta", HostRole.STANDBY, "10.77.0.2"),
              "gamma", host("gamma", HostRole.WITNESS, "10.77.0.3"),
              "desk", host("desk", HostRole.OPERATOR, "10.77.0.10")),
          ImmutableMap.of(
              "anna", new Operator("anna", Operator.Role.OPERATOR, "desk"),
              "watch", new Operator("watch", Operator.Role.VIEWER, "desk")));

  private Clusters() {}

  static Host host(String id, HostRole role, String address) {
    Optional<HostAndPort> endpoint =
        role == HostRole.OPERATOR
            ? Optional.empty()
            : Optional.of(HostAndPort.fromParts("198.51.100.1", 51820));
    return new Host(id, role, endpoint, address);
  }

  static ClusterFile cluster(
      ImmutableMap<String, Host> hosts, ImmutableMap<String, Operator> operators) {
    return new ClusterFile(
        "main",
        new Tunnel(Subnet.parse("10.77.0.0/24"), Tunnel.KEEPALIVE_DEFAULT, Tunnel.MTU_DEFAULT),
        hosts,
        Ports.DEFAULT,
        Timings.DEFAULT,
        ImmutableMap.of(),
        operators,
        Alerts.NONE,
        Log.DEFAULT,
        Drills.DEFAULT);
  }

  /** The main cluster with hosts added or changed. */
  static ClusterFile with(Host... hosts) {
    ImmutableMap.Builder<String, Host> all =
        ImmutableMap.<String, Host>builder().putAll(MAIN.hosts());
    for (Host host : hosts) {
      all.put(host.id(), host);
    }
    return cluster(all.buildKeepingLast(), MAIN.operators());
  }

  static ClusterFile with(Operator operator) {
    return cluster(
        MAIN.hosts(),
        ImmutableMap.<String, Operator>builder()
            .putAll(MAIN.operators())
            .put(operator.name(), operator)
            .buildKeepingLast());
  }

  static ClusterFile without(String operator) {
    return cluster(
        MAIN.hosts(),
        MAIN.operators().entrySet().stream()
            .filter(entry -> !entry.getKey().equals(operator))
            .collect(
                ImmutableMap.toImmutableMap(entry -> entry.getKey(), entry -> entry.getValue())));
  }
}
