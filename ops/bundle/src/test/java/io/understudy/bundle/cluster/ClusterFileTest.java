package io.understudy.bundle.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import io.understudy.settings.ConfigException;
import io.understudy.settings.Document;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class ClusterFileTest {
  static final Path SAMPLE =
      Path.of("src/main/resources/io/understudy/bundle/cluster/cluster.sample.yaml");
  private static final Path MANUAL = Path.of("../../docs/cluster-file.md");
  private static final Path FILES = Path.of("src/test/resources/io/understudy/bundle/cluster");
  static final Path FULL = FILES.resolve("full.yaml");
  static final Path MINIMAL = FILES.resolve("minimal.yaml");

  /** Reads as the program does, and keeps what was asked for. */
  static Document read(Path file) throws Exception {
    Document document = new Document(Files.readString(file));
    var _ = ClusterFileReader.read(file.toString(), document);
    return document;
  }

  @Test
  void aMinimalFileGetsTheDefaults() throws Exception {
    ClusterFile cluster = ClusterFile.load(MINIMAL);

    assertThat(cluster.name()).isEqualTo("main");
    assertThat(cluster.tunnel())
        .isEqualTo(
            new Tunnel(Subnet.parse("10.77.0.0/24"), Tunnel.KEEPALIVE_DEFAULT, Tunnel.MTU_DEFAULT));
    assertThat(cluster.ports()).isEqualTo(Ports.DEFAULT);
    assertThat(cluster.timings()).isEqualTo(Timings.DEFAULT);
    assertThat(cluster.alerts()).isEqualTo(Alerts.NONE);
    assertThat(cluster.log()).isEqualTo(new Log(Log.Format.TEXT, Log.Level.INFO));
    assertThat(cluster.nodes()).extracting(Host::id).containsExactly("alpha", "beta");
    assertThat(cluster.voters()).extracting(Host::id).containsExactly("alpha", "beta", "gamma");
    assertThat(requireNonNull(cluster.hosts().get("desk")).endpoint()).isEmpty();
    Gateway live = requireNonNull(cluster.gateways().get("live"));
    assertThat(live.programPort()).isEqualTo(5000);
    assertThat(live.maintenanceRegion()).isEqualTo("none");
    assertThat(live.positions()).isEqualTo(new Gateway.Positions("none", ImmutableMap.of()));
    assertThat(live.clientPortal().program()).isEqualTo("/opt/clientportal.gw");
    assertThat(live.clientPortal().browser()).isEqualTo("chromium");
  }

  @Test
  void everyKeyIsRead() throws Exception {
    ClusterFile cluster = ClusterFile.load(FULL);

    assertThat(cluster.tunnel())
        .isEqualTo(new Tunnel(Subnet.parse("192.168.7.0/26"), Duration.ofSeconds(30), 1380));
    assertThat(requireNonNull(cluster.hosts().get("beta")))
        .isEqualTo(
            new Host(
                "beta",
                HostRole.STANDBY,
                Optional.of(HostAndPort.fromParts("2001:db8::2", 51900)),
                "192.168.7.2"));
    assertThat(cluster.voters())
        .extracting(Host::id)
        .containsExactly("alpha", "beta", "delta", "gamma", "epsilon");
    assertThat(cluster.ports()).isEqualTo(new Ports(8443, 8480, 8481, 2381, 2988, 3988));
    assertThat(cluster.timings())
        .isEqualTo(new Timings(Duration.ofSeconds(8), Duration.ofMillis(400)));
    assertThat(cluster.log()).isEqualTo(new Log(Log.Format.JSON, Log.Level.DEBUG));
    assertThat(requireNonNull(cluster.gateways().get("live")).secondFactor())
        .isEqualTo(Gateway.SecondFactor.PUSH);
    assertThat(requireNonNull(cluster.gateways().get("live")).competingSession())
        .isEqualTo(Gateway.SessionPolicy.YIELD);
    assertThat(requireNonNull(cluster.gateways().get("live")).maintenance().getFirst().days())
        .containsExactly("Sat", "Sun");
    assertThat(requireNonNull(cluster.gateways().get("live")).clientPortal())
        .isEqualTo(
            new Gateway.ClientPortal(
                "/srv/clientportal.gw",
                Optional.of("https://ibkr.example.org"),
                "htmlunit",
                Optional.of("1s")));
    assertThat(requireNonNull(cluster.gateways().get("fund")).positions().settings())
        .containsOnlyKeys("url", "query");
    assertThat(cluster.operators().get("bert"))
        .isEqualTo(new Operator("bert", Operator.Role.VIEWER, "laptop"));
    assertThat(cluster.alerts().webhook())
        .contains(URI.create("https://alerts.example.org/understudy"));
    assertThat(cluster.alerts().telegram()).contains(new Alerts.Telegram(-1001));
  }

  @Test
  void theSampleHoldsEveryDefault() throws Exception {
    ImmutableMap<String, String> sample = read(SAMPLE).effective();

    read(MINIMAL)
        .effective()
        .forEach((key, value) -> assertThat(sample).as(key).containsEntry(key, value));
  }

  @Test
  void theSampleNamesEveryKey() throws Exception {
    TreeSet<String> named = new TreeSet<>();
    Pattern.compile("(?m)(?:^[ #-]*|[{,] *)([a-z][a-z-]*):")
        .matcher(Files.readString(SAMPLE))
        .results()
        .forEach(match -> named.add(match.group(1)));

    assertThat(named)
        .containsAll(
            read(FULL).keys().stream()
                .filter(path -> !path.matches("(hosts|gateways|operators)\\.[^.]+"))
                .map(path -> path.substring(path.lastIndexOf('.') + 1))
                .toList());
  }

  @Test
  void theManualHasARowForEveryKey() throws Exception {
    TreeSet<String> keys = new TreeSet<>();
    for (String path : read(FULL).keys()) {
      keys.add(
          path.replaceFirst("^(hosts|gateways|operators)\\.[^.]+", "$1.NAME")
              .replaceAll("\\[\\d+]", "[]"));
    }
    String all = String.join("\n", keys) + "\n";

    assertThat(
            Pattern.compile("(?m)^\\| `([a-z][^`]*)` \\|")
                .matcher(keyTable(Files.readString(MANUAL)))
                .results()
                .map(row -> row.group(1)))
        .containsExactlyInAnyOrderElementsOf(
            keys.stream()
                .filter(key -> !all.contains(key + ".") && !all.contains(key + "[]"))
                .toList());
  }

  private static String keyTable(String manual) {
    return manual.substring(manual.indexOf("\n## Keys"), manual.indexOf("\n## Roles"));
  }

  @Test
  void aFileThatIsNotThereSaysHowToMakeOne() {
    assertThatThrownBy(() -> ClusterFile.load(Path.of("nowhere.yaml")))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith(
            "nowhere.yaml: 1 problem\n"
                + "  no such file (make one with `understudy cluster init`, or name another)");
  }
}
