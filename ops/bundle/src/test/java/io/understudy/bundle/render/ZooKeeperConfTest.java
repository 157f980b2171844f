package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.bundle.authority.Identity;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.Ports;
import io.understudy.bundle.cluster.Timings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooKeeperConfTest {
  private static final String ETC = "/etc/understudy-zookeeper";
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration PAUSE = Duration.ofMillis(100);

  @TempDir private Path root;
  private final List<Process> servers = new ArrayList<>();

  @AfterEach
  void endServers() throws InterruptedException {
    servers.forEach(Process::destroyForcibly);
    for (Process server : servers) {
      assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static String config(Timings timings) {
    return Rendered.file(
        Rendered.bundle(Clusters.with(timings), Materials.STEADY, Clusters.ALPHA),
        ZooKeeperConf.CONFIG);
  }

  @Test
  void timesFollowFromTheSessionTimeoutAndTheTick() {
    assertThat(config(Timings.DEFAULT))
        .contains("\ntickTime=500\n", "\ninitLimit=10\n", "\nsyncLimit=4\n")
        .contains("\nminSessionTimeout=6000\n", "\nmaxSessionTimeout=6000\n");
    assertThat(config(new Timings(Duration.ofSeconds(2), Duration.ofMillis(200))))
        .contains("\ninitLimit=25\n", "\nsyncLimit=4\n", "\nmaxSessionTimeout=2000\n");
  }

  @Test
  void onlyTheTunnelAddressIsListenedTo() {
    assertThat(config(Timings.DEFAULT))
        .contains("\nsecureClientPortAddress=10.77.0.1\n", "\nquorumListenOnAllIPs=false\n")
        .contains("\nadmin.enableServer=false\n", "\n4lw.commands.whitelist=srvr,mntr,ruok\n")
        .doesNotContain("\nclientPort=");
  }

  @Test
  void theWitnessHasTheHighestId() {
    Bundle witness = Rendered.bundle(Clusters.GAMMA);
    assertThat(Rendered.file(witness, ZooKeeperConf.DATA + "/myid")).isEqualTo("3\n");
    assertThat(Rendered.file(witness, ZooKeeperConf.CONFIG))
        .contains(
            """
            server.1=10.77.0.1:2888:3888
            server.2=10.77.0.2:2888:3888
            server.3=10.77.0.3:2888:3888
            """);
  }

  @Test
  void theServerIdsAreTheAuthoritysWhateverTheOrderOfTheFile() {
    ClusterFile reversed =
        new ClusterFile(
            Clusters.MAIN.name(),
            Clusters.MAIN.tunnel(),
            ImmutableMap.copyOf(Clusters.MAIN.hosts().entrySet().asList().reverse()),
            Clusters.MAIN.ports(),
            Clusters.MAIN.timings(),
            Clusters.MAIN.gateways(),
            Clusters.MAIN.operators(),
            Clusters.MAIN.alerts(),
            Clusters.MAIN.log(),
            Clusters.MAIN.drills());
    for (Host host : Clusters.MAIN.voters()) {
      Bundle before = Rendered.bundle(Clusters.MAIN, Materials.STEADY, host);
      Bundle after = Rendered.bundle(reversed, Materials.STEADY, host);
      for (String file : ImmutableList.of(ZooKeeperConf.CONFIG, ZooKeeperConf.DATA + "/myid")) {
        assertThat(Rendered.file(after, file)).isEqualTo(Rendered.file(before, file));
      }
    }
  }

  /** The three servers of the bundles, moved to loopback addresses and to free ports. */
  @Test
  void threeServersFormAQuorumOverTlsAndTakeUpNewCertificatesWhileTheyServe() throws Exception {
    ClusterFile cluster = withFreePorts();
    for (Host host : cluster.voters()) {
      start(cluster, host);
    }
    int port = cluster.ports().coordination();
    Tls node =
        new Tls(
            Materials.STEADY.coordinationTrust(),
            Optional.of(identity(Materials.STEADY.coordinationClients(), "alpha")));
    for (Host host : cluster.voters()) {
      await(() -> !mode(node, host, port).isEmpty());
    }
    assertThat(cluster.voters().stream().map(host -> mode(node, host, port)))
        .containsExactlyInAnyOrder("leader", "follower", "follower");
    Tls stranger = new Tls(Materials.STEADY.coordinationTrust(), Optional.empty());
    assertThat(stranger.ask(loopback(Clusters.ALPHA), port, "srvr")).isEmpty();
    assertThat(negotiatedTimeout(port)).isEqualTo(6_000);

    Identity renewed = Materials.renewedServer(Clusters.ALPHA);
    replace(Clusters.ALPHA, renewed);
    await(() -> node.serialAt(loopback(Clusters.ALPHA), port).equals(renewed.serial()));
    int election = cluster.ports().election();
    await(() -> node.serialAt(loopback(Clusters.ALPHA), election).equals(renewed.serial()));
    assertThat(mode(node, Clusters.ALPHA, port)).isNotEmpty();
    assertThat(servers).allSatisfy(server -> assertThat(server.isAlive()).isTrue());
  }

  private void start(ClusterFile cluster, Host host) throws IOException {
    Path home = root.resolve(host.id());
    Rendered.install(Rendered.bundle(cluster, Materials.STEADY, host), home);
    Path config = home.resolve(ZooKeeperConf.CONFIG.substring(1));
    Files.writeString(
        config,
        Files.readString(config)
            .replace("10.77.0.", "127.77.0.")
            .replace(ETC, home + ETC)
            .replace(ZooKeeperConf.DATA, home + ZooKeeperConf.DATA));
    servers.add(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("server.log").toFile())
            .start());
  }

  /** As {@code install.sh} does it: beside the old file, then in its place. */
  private void replace(Host host, Identity identity) throws IOException {
    Path pem = root.resolve(host.id()).resolve("etc/understudy-zookeeper/server.pem");
    Path draft = pem.resolveSibling("server.pem.new");
    Files.writeString(draft, identity.key() + identity.certificate());
    Files.move(draft, pem, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private int negotiatedTimeout(int port) throws Exception {
    Path home = root.resolve("alpha");
    Identity client = identity(Materials.STEADY.coordinationClients(), "alpha");
    Path own = home.resolve("client.pem");
    Files.writeString(own, client.key() + client.certificate());
    ZKClientConfig config = new ZKClientConfig();
    config.setProperty(ZKClientConfig.SECURE_CLIENT, "true");
    config.setProperty(
        ZKClientConfig.ZOOKEEPER_CLIENT_CNXN_SOCKET, "org.apache.zookeeper.ClientCnxnSocketNetty");
    config.setProperty("zookeeper.ssl.keyStore.location", own.toString());
    config.setProperty("zookeeper.ssl.trustStore.location", home + ETC + "/authority.pem");
    String server = loopback(Clusters.ALPHA) + ":" + port;
    ZooKeeper session = new ZooKeeper(server, 30_000, _ -> {}, config);
    try {
      await(() -> session.getState().isConnected());
      return session.getSessionTimeout();
    } finally {
      session.close();
    }
  }

  private static ClusterFile withFreePorts() throws IOException {
    Ports free = new Ports(7443, 7480, 7481, freePort(), freePort(), freePort());
    return new ClusterFile(
        Clusters.MAIN.name(),
        Clusters.MAIN.tunnel(),
        Clusters.MAIN.hosts(),
        free,
        Clusters.MAIN.timings(),
        Clusters.MAIN.gateways(),
        Clusters.MAIN.operators(),
        Clusters.MAIN.alerts(),
        Clusters.MAIN.log(),
        Clusters.MAIN.drills());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.77.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static String loopback(Host host) {
    return host.address().replace("10.77.0.", "127.77.0.");
  }

  private static String mode(Tls client, Host host, int port) {
    return client
        .ask(loopback(host), port, "srvr")
        .lines()
        .filter(line -> line.startsWith("Mode: "))
        .map(line -> line.substring("Mode: ".length()))
        .findFirst()
        .orElse("");
  }

  private static Identity identity(Map<String, Identity> byName, String name) {
    return Optional.ofNullable(byName.get(name)).orElseThrow();
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("nothing within %s", LIMIT).isLessThan(deadline);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
