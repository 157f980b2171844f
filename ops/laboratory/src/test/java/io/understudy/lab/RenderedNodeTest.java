package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import io.understudy.bundle.authority.Authority;
import io.understudy.bundle.authority.Material;
import io.understudy.bundle.cluster.Alerts;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Drills;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.GatewayCredential;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.cluster.Log;
import io.understudy.bundle.cluster.Operator;
import io.understudy.bundle.cluster.Ports;
import io.understudy.bundle.cluster.Subnet;
import io.understudy.bundle.cluster.Timings;
import io.understudy.bundle.cluster.Tunnel;
import io.understudy.bundle.render.Bundle;
import io.understudy.bundle.render.RenderedFile;
import io.understudy.bundle.render.Renderer;
import io.understudy.node.config.LogConfig;
import io.understudy.node.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon's own reader takes the settings that bundles bring. */
class RenderedNodeTest {
  private static final Gateway LIVE =
      gateway(
          "live",
          5000,
          Gateway.SecondFactor.TOTP,
          new Gateway.Positions(
              "json-file", ImmutableMap.of("path", "/var/lib/understudy/positions/live.json")));
  private static final Gateway BOOK =
      gateway(
          "book",
          5001,
          Gateway.SecondFactor.OPERATOR,
          new Gateway.Positions(
              "postgresql",
              ImmutableMap.of(
                  "url", "jdbc:postgresql://10.77.0.20:5432/trading",
                  "query", "select \"account\", 'a\\b' from positions")));
  private static final ClusterFile CLUSTER =
      new ClusterFile(
          "main",
          new Tunnel(Subnet.parse("10.77.0.0/24"), Tunnel.KEEPALIVE_DEFAULT, Tunnel.MTU_DEFAULT),
          ImmutableMap.of(
              "alpha", host("alpha", HostRole.PRIMARY, 1),
              "beta", host("beta", HostRole.STANDBY, 2),
              "gamma", host("gamma", HostRole.WITNESS, 3)),
          Ports.DEFAULT,
          new Timings(Duration.ofSeconds(9), Duration.ofMillis(500)),
          ImmutableMap.of("live", LIVE, "book", BOOK),
          ImmutableMap.<String, Operator>of(),
          Alerts.NONE,
          new Log(Log.Format.JSON, Log.Level.WARN),
          Drills.DEFAULT);

  @TempDir private Path root;

  private static io.understudy.bundle.cluster.Host host(String id, HostRole role, int number) {
    return new io.understudy.bundle.cluster.Host(
        id,
        role,
        Optional.of(HostAndPort.fromParts("198.51.100." + number, Tunnel.PORT_DEFAULT)),
        "10.77.0." + number);
  }

  private static Gateway gateway(
      String name, int programPort, Gateway.SecondFactor factor, Gateway.Positions positions) {
    return new Gateway(
        name,
        Gateway.Driver.CLIENT_PORTAL,
        Gateway.Mode.PAPER,
        programPort - 1000,
        programPort,
        factor,
        Gateway.SessionPolicy.YIELD,
        "europe",
        ImmutableList.of(
            new Gateway.Window(ImmutableList.of("Sat", "Sun"), "23:30", "00:30", "Europe/Zurich")),
        new Gateway.Drill(
            Duration.ofSeconds(90),
            Duration.ofMinutes(20),
            ImmutableList.of(
                new Gateway.Window(
                    ImmutableList.of("Mon", "Fri"), "09:30", "16:00", "America/New_York"))),
        positions,
        new Gateway.ClientPortal(
            "/opt/clientportal.gw", Optional.empty(), "htmlunit", Optional.of("6s")));
  }

  /** The bundle's files below a folder, with the paths in the settings moved along. */
  private Path install(Bundle bundle) throws IOException {
    for (RenderedFile file : bundle.files()) {
      Path path = root.resolve(file.target().substring(1));
      Files.createDirectories(path.getParent());
      Files.writeString(
          path,
          file.content()
              .replace("/etc/understudy/", root + "/etc/understudy/")
              .replace("/run/credentials/understudyd.service/", root + "/credentials/")
              .replace("/var/lib/understudy", root + "/state")
              .replace("/opt/clientportal.gw", root + "/gateway"));
      Files.setPosixFilePermissions(path, file.permissions());
    }
    return root.resolve("etc/understudy/understudyd.yaml");
  }

  private void provideWhatIsNotInTheBundle() throws IOException {
    Files.createDirectories(root.resolve("gateway"));
    Path credentials = PrivateFiles.directory(root.resolve("credentials"));
    for (Gateway gateway : CLUSTER.gateways().values()) {
      for (GatewayCredential credential : GatewayCredential.of(gateway)) {
        PrivateFiles.write(
            credentials.resolve(credential.nameFor(gateway)), credential.nameFor(gateway) + "\n");
      }
    }
  }

  @Test
  void theDaemonTakesTheSettingsOfItsBundle() throws Exception {
    Path folder = root.resolve("authority");
    Material material;
    try (Authority authority = Authority.create(folder, "main", InstantSource.system())) {
      material = authority.material(CLUSTER);
    }
    provideWhatIsNotInTheBundle();
    Bundle beta = Renderer.render(CLUSTER, material).get(1);
    NodeConfig config = NodeConfig.load(install(beta));
    assertThat(config.cluster()).isEqualTo("main");
    assertThat(config.node().value()).isEqualTo("beta");
    assertThat(config.coordination().connect())
        .isEqualTo("10.77.0.1:2281,10.77.0.2:2281,10.77.0.3:2281");
    assertThat(config.coordination().sessionTimeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(config.coordination().tls()).isPresent();
    assertThat(config.log()).isEqualTo(new LogConfig(LogConfig.Format.JSON, LogConfig.Level.WARN));
    assertThat(config.api().listen()).hasToString("10.77.0.2:7443");
    assertThat(config.describe())
        .contains(
            "gateways.live.client-portal.listen-port=5000",
            "gateways.live.relay.listen=10.77.0.2:4000",
            "gateways.live.second-factor.kind=totp",
            "gateways.live.drill.rto=90s",
            "gateways.live.drill.timeout=20m",
            "gateways.live.drill.market-hours[0].zone=America/New_York",
            "gateways.book.second-factor.kind=operator",
            "gateways.book.maintenance-region=europe",
            "gateways.book.client-portal.pre-submit-delay=6s",
            "gateways.book.positions.query=select \"account\", 'a\\b' from positions");
  }
}
