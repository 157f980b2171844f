package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
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
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A cluster with a host of each role, one gateway of each kind. */
final class Clusters {
  static final Host ALPHA = host("alpha", HostRole.PRIMARY, "198.51.100.1:51820", "10.77.0.1");
  static final Host BETA = host("beta", HostRole.STANDBY, "[2001:db8::2]:51820", "10.77.0.2");
  static final Host GAMMA = host("gamma", HostRole.WITNESS, "198.51.100.3:51820", "10.77.0.3");
  static final Host DESK = host("desk", HostRole.OPERATOR, "", "10.77.0.10");
  static final Host ENGINE = host("engine", HostRole.TRADING, "", "10.77.0.20");

  /** The witness stands first, and still has the highest server id. */
  static final ClusterFile MAIN =
      new ClusterFile(
          "main",
          new Tunnel(Subnet.parse("10.77.0.0/24"), Tunnel.KEEPALIVE_DEFAULT, Tunnel.MTU_DEFAULT),
          hosts(GAMMA, ALPHA, BETA, DESK, ENGINE),
          Ports.DEFAULT,
          Timings.DEFAULT,
          ImmutableMap.of("live", live(), "paper", paper()),
          ImmutableMap.of(
              "anna", new Operator("anna", Operator.Role.OPERATOR, "desk"),
              "watch", new Operator("watch", Operator.Role.VIEWER, "desk")),
          Alerts.NONE,
          Log.DEFAULT,
          Drills.DEFAULT);

  static final Alerts EVERY_CHANNEL =
      new Alerts(
          Optional.of(new Alerts.Telegram(-1001)),
          Optional.of(
              new Alerts.Email(
                  "anna@example.org",
                  "cluster@example.org",
                  "mail.example.org:587",
                  Optional.of("clus\\ter\"s"))),
          Optional.of(URI.create("https://alerts.example.org/understudy")),
          Optional.of(URI.create("https://hc.example.org/understudy")),
          Alerts.MonitoringPorts.DEFAULT);

  /** The same, which tells people by every channel. */
  static final ClusterFile ALERTING = with(EVERY_CHANNEL);

  private Clusters() {}

  static ClusterFile with(Alerts alerts) {
    return new ClusterFile(
        MAIN.name(),
        MAIN.tunnel(),
        MAIN.hosts(),
        MAIN.ports(),
        MAIN.timings(),
        MAIN.gateways(),
        MAIN.operators(),
        alerts,
        MAIN.log(),
        MAIN.drills());
  }

  static ClusterFile with(Log log) {
    return new ClusterFile(
        MAIN.name(),
        MAIN.tunnel(),
        MAIN.hosts(),
        MAIN.ports(),
        MAIN.timings(),
        MAIN.gateways(),
        MAIN.operators(),
        MAIN.alerts(),
        log,
        MAIN.drills());
  }

  static ClusterFile with(Drills drills) {
    return new ClusterFile(
        MAIN.name(),
        MAIN.tunnel(),
        MAIN.hosts(),
        MAIN.ports(),
        MAIN.timings(),
        MAIN.gateways(),
        MAIN.operators(),
        MAIN.alerts(),
        MAIN.log(),
        drills);
  }

  static ClusterFile with(Timings timings) {
    return new ClusterFile(
        MAIN.name(),
        MAIN.tunnel(),
        MAIN.hosts(),
        MAIN.ports(),
        timings,
        MAIN.gateways(),
        MAIN.operators(),
        MAIN.alerts(),
        MAIN.log(),
        MAIN.drills());
  }

  private static ImmutableMap<String, Host> hosts(Host... hosts) {
    ImmutableMap.Builder<String, Host> byId = ImmutableMap.builder();
    for (Host host : hosts) {
      byId.put(host.id(), host);
    }
    return byId.buildOrThrow();
  }

  private static Host host(String id, HostRole role, String endpoint, String address) {
    return new Host(
        id,
        role,
        endpoint.isEmpty() ? Optional.empty() : Optional.of(HostAndPort.fromString(endpoint)),
        address);
  }

  private static Gateway live() {
    return new Gateway(
        "live",
        Gateway.Driver.CLIENT_PORTAL,
        Gateway.Mode.LIVE,
        4001,
        5000,
        Gateway.SecondFactor.TOTP,
        Gateway.SessionPolicy.RETAKE,
        "north-america",
        ImmutableList.of(
            new Gateway.Window(ImmutableList.of("Sat", "Sun"), "02:00", "02:30", "Europe/Zurich")),
        new Gateway.Drill(
            Duration.ofSeconds(90),
            Duration.ofMinutes(20),
            ImmutableList.of(
                new Gateway.Window(
                    ImmutableList.of("Mon", "Fri"), "09:30", "16:00", "America/New_York"))),
        new Gateway.Positions(
            "json-file", ImmutableMap.of("path", "/var/lib/understudy/positions/live.json")),
        new Gateway.ClientPortal(
            "/opt/clientportal.gw", Optional.empty(), "htmlunit", Optional.empty()));
  }

  private static Gateway paper() {
    return new Gateway(
        "paper",
        Gateway.Driver.CLIENT_PORTAL,
        Gateway.Mode.PAPER,
        4002,
        5001,
        Gateway.SecondFactor.NONE,
        Gateway.SessionPolicy.YIELD,
        "none",
        ImmutableList.of(),
        Gateway.Drill.DEFAULT,
        new Gateway.Positions(
            "postgresql",
            ImmutableMap.of(
                "url", "jdbc:postgresql://10.77.0.20:5432/trading",
                "query", "select account, \"instrument\" from positions")),
        new Gateway.ClientPortal(
            "/opt/clientportal.gw",
            Optional.of("https://localhost:9443"),
            "htmlunit",
            Optional.of("1s")));
  }
}
