package io.understudy.bundle.doctor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import io.understudy.bundle.authority.TunnelKeys;
import io.understudy.bundle.cluster.Alerts;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Drills;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.cluster.Log;
import io.understudy.bundle.cluster.Operator;
import io.understudy.bundle.cluster.Ports;
import io.understudy.bundle.cluster.Subnet;
import io.understudy.bundle.cluster.Timings;
import io.understudy.bundle.cluster.Tunnel;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import java.util.Optional;

/** A cluster of two nodes, a witness, an operator's desk and a trading engine. */
public final class Hosts {
  public static final Host ALPHA =
      host("alpha", HostRole.PRIMARY, "198.51.100.1:51820", "10.77.0.1");
  public static final Host BETA = host("beta", HostRole.STANDBY, "198.51.100.2:51820", "10.77.0.2");
  public static final Host GAMMA =
      host("gamma", HostRole.WITNESS, "198.51.100.3:51820", "10.77.0.3");
  public static final Host DESK = host("desk", HostRole.OPERATOR, "", "10.77.0.10");

  public static final TunnelKeys OLD = keys("wg0", 0, true, "old");
  public static final TunnelKeys NEW = keys("wg1", 1, false, "new");

  public static final ClusterFile CLUSTER =
      new ClusterFile(
          "main",
          new Tunnel(Subnet.parse("10.77.0.0/24"), Tunnel.KEEPALIVE_DEFAULT, Tunnel.MTU_DEFAULT),
          ImmutableMap.of("alpha", ALPHA, "beta", BETA, "gamma", GAMMA, "desk", DESK),
          Ports.DEFAULT,
          Timings.DEFAULT,
          ImmutableMap.of("live", gateway()),
          ImmutableMap.of("anna", new Operator("anna", Operator.Role.OPERATOR, "desk")),
          Alerts.NONE,
          Log.DEFAULT,
          Drills.DEFAULT);

  private Hosts() {}

  /** Alpha's manifest, with the files that a node has. */
  public static HostManifest alpha(TunnelKeys... tunnels) {
    return HostManifest.of(
        CLUSTER,
        ALPHA,
        ImmutableList.copyOf(tunnels),
        ImmutableList.of(
            new InstalledFile("/etc/wireguard/wg0.conf", "0600", "root:root"),
            new InstalledFile("/etc/understudy/tls/node.crt", "0644", "root:root"),
            new InstalledFile("/etc/understudy/tls/node.key", "0600", "understudy:understudy"),
            new InstalledFile("/etc/understudy/tls/authority.crt", "0644", "root:root"),
            new InstalledFile("/etc/understudy/tls/coordination.crt", "0644", "root:root"),
            new InstalledFile(
                "/etc/understudy/tls/coordination.key", "0600", "understudy:understudy"),
            new InstalledFile(
                "/etc/understudy/tls/coordination-authority.crt", "0644", "root:root"),
            new InstalledFile(
                "/etc/understudy-zookeeper/server.pem",
                "0600",
                "understudy-zookeeper:understudy-zookeeper"),
            new InstalledFile("/etc/understudy-zookeeper/authority.pem", "0644", "root:root"),
            new InstalledFile("/etc/understudy-zookeeper/zoo.cfg", "0644", "root:root"),
            new InstalledFile("/etc/systemd/system/understudyd.service", "0644", "root:root"),
            new InstalledFile(
                "/etc/systemd/system/understudy-zookeeper.service", "0644", "root:root"),
            new InstalledFile("/etc/systemd/system/understudy-drill.service", "0644", "root:root"),
            new InstalledFile("/etc/systemd/system/understudy-drill.timer", "0644", "root:root"),
            new InstalledFile(
                "/etc/systemd/system/understudyd.service.d/limits.conf", "0644", "root:root")));
  }

  public static HostManifest alpha() {
    return alpha(OLD);
  }

  /** The desk's manifest, with the files of one operator. */
  public static HostManifest desk() {
    String anna = "/etc/understudy/operators/anna/";
    return HostManifest.of(
        CLUSTER,
        DESK,
        ImmutableList.of(OLD),
        ImmutableList.of(
            new InstalledFile(anna + "anna.crt", "0644", "root:root"),
            new InstalledFile(anna + "anna.key", "0600", "root:root"),
            new InstalledFile(anna + "authority.crt", "0644", "root:root")));
  }

  /** The witness's manifest. */
  public static HostManifest gamma() {
    String folder = "/etc/understudy-zookeeper/";
    return HostManifest.of(
        CLUSTER,
        GAMMA,
        ImmutableList.of(OLD),
        ImmutableList.of(
            new InstalledFile(
                folder + "server.pem", "0600", "understudy-zookeeper:understudy-zookeeper"),
            new InstalledFile(folder + "authority.pem", "0644", "root:root"),
            new InstalledFile(folder + "zoo.cfg", "0644", "root:root"),
            new InstalledFile(
                "/etc/systemd/system/understudy-zookeeper.service", "0644", "root:root")));
  }

  private static Host host(String id, HostRole role, String endpoint, String address) {
    return new Host(
        id,
        role,
        endpoint.isEmpty() ? Optional.empty() : Optional.of(HostAndPort.fromString(endpoint)),
        address);
  }

  private static TunnelKeys keys(
      String name, int portOffset, boolean preferred, String generation) {
    ImmutableMap.Builder<String, TunnelKeys.HostKey> hosts = ImmutableMap.builder();
    for (String host : ImmutableList.of("alpha", "beta", "gamma", "desk")) {
      hosts.put(
          host, new TunnelKeys.HostKey("private-" + host, generation + "-key-of-" + host + "="));
    }
    return new TunnelKeys(name, portOffset, preferred, hosts.buildOrThrow(), ImmutableMap.of());
  }

  private static Gateway gateway() {
    return new Gateway(
        "live",
        Gateway.Driver.CLIENT_PORTAL,
        Gateway.Mode.LIVE,
        4001,
        5000,
        Gateway.SecondFactor.TOTP,
        Gateway.SessionPolicy.RETAKE,
        "none",
        ImmutableList.of(),
        Gateway.Drill.DEFAULT,
        new Gateway.Positions("none", ImmutableMap.of()),
        new Gateway.ClientPortal(
            Gateway.ClientPortal.PROGRAM_DEFAULT, Optional.empty(), "chromium", Optional.empty()));
  }
}
