package io.understudy.node.driver.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.RecordingListener;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import io.understudy.node.testing.TlsZooKeeper;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that wants certificates. */
final class ZooKeeperTlsTest {
  private static final Duration T = Duration.ofSeconds(4);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static Path directory;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TestAuthority authority;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TlsZooKeeper server;

  private final List<ZooKeeperCoordination> drivers = new ArrayList<>();

  @BeforeAll
  static void startServer() throws Exception {
    authority = new TestAuthority(directory, "cluster");
    server = TlsZooKeeper.start(directory, authority);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void closeDrivers() {
    drivers.forEach(ZooKeeperCoordination::close);
  }

  @Test
  void nodesWithTheSameSubjectNameShareTheRecordsAndNobodyElseDoes() throws Exception {
    ZooKeeperCoordination a = driver(authority.issue("coordination", "coordination"));
    a.start(record("a"), new RecordingListener(), START_TIMEOUT);
    a.join(new GatewayId("live"));
    ZooKeeperCoordination b = driver(authority.issue("coordination", "coordination"));
    b.start(record("b"), new RecordingListener(), START_TIMEOUT);

    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(files)
          .noneMatch(file -> file.getFileName().toString().startsWith("understudy-nameless-"));
    }
    assertThat(b.read().nodes()).containsKeys(new NodeId("a"), new NodeId("b"));

    DriverException error = startFailure(authority.issue("viewer", "viewer"));
    assertThat(error.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(error).hasMessageContaining("must carry the same subject name");
  }

  @Test
  void aStrangersCertificateGetsNoConnection() throws Exception {
    PemFiles stranger = new TestAuthority(directory, "stranger").issue("coordination", "node");

    DriverException error =
        startFailure(
            new PemFiles(
                stranger.certificate(),
                stranger.key(),
                authority.issue("any", "node").authority()));

    assertThat(error.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(error).hasMessageContaining("could be reached").hasMessageContaining("certificates");
  }

  @Test
  void eachServerIsAskedWhatItIsWithTheCertificateOfTheSession() throws Exception {
    ZooKeeperCoordination started = driver(authority.issue("coordination", "coordination"));
    started.start(record("d"), new RecordingListener(), START_TIMEOUT);
    ServerProbes probes =
        ServerProbes.of(
            server.connectString() + ",127.0.0.1:1/root",
            Optional.of(authority.issue("coordination", "coordination").material()));

    ImmutableList<ServerView> views = probes.look();
    assertThat(views.get(0)).isEqualTo(new ServerView(server.connectString(), true, "standalone"));
    assertThat(views.get(1).up()).isFalse();
    assertThat(views.get(1).mode()).startsWith("does not answer: ");

    ServerProbes stranger =
        ServerProbes.of(
            server.connectString(),
            Optional.of(
                new TestAuthority(directory, "other").issue("coordination", "node").material()));
    assertThat(stranger.look().getFirst().up()).isFalse();
  }

  @Test
  void aServerThatIsNamedTwiceIsLookedAtOnce() throws DriverException {
    ServerProbes probes = ServerProbes.of("127.0.0.1:1, 127.0.0.1:1/root", Optional.empty());
    assertThat(probes.look()).hasSize(1);
  }

  @Test
  void whatAServerSaysOfItselfIsUnderstood() {
    HostAndPort server = HostAndPort.fromString("10.77.0.3:2281");
    assertThat(ServerProbes.view(server, "Zookeeper version: 3.9\nMode: follower\nNode count: 5"))
        .isEqualTo(new ServerView("10.77.0.3:2281", true, "follower"));
    assertThat(
            ServerProbes.view(server, "This ZooKeeper instance is not currently serving requests"))
        .isEqualTo(new ServerView("10.77.0.3:2281", false, "runs, and has no quorum"));
    assertThat(
            ServerProbes.view(server, "srvr is not executed because it is not in the whitelist."))
        .extracting(ServerView::up)
        .isEqualTo(false);
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    PemFiles files = authority.issue("coordination", "coordination");
    Path missing = directory.resolve("missing.pem");

    DriverException error =
        startFailure(new PemFiles(files.certificate(), missing, files.authority()));

    assertThat(error.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(error).hasMessageContaining(missing.toString());
  }

  @Test
  void theNextConnectionUsesTheFilesThatWereReplaced() throws Exception {
    Path own = Files.createDirectories(directory.resolve("rotation"));
    TestAuthority former = new TestAuthority(own, "former");
    TestAuthority next = new TestAuthority(own, "next");
    PemFiles files = former.issue("coordination", "coordination").copiedTo(own.resolve("client"));
    Reloaded<TlsMaterial> material = files.material();
    try (TlsZooKeeper rotated = TlsZooKeeper.start(own, former)) {
      ZooKeeperCoordination a = driver(rotated.connectString(), material);
      a.start(record("a"), new RecordingListener(), START_TIMEOUT);

      PemFiles renewed = next.issue("coordination", "coordination");
      files.trusting(former.issue("any", "any").authority(), renewed.authority());
      files.replacedBy(renewed);
      material.look(Instant.now());
      material.look(Instant.now());
      assertThat(a.read().nodes()).as("the connection stands").containsKey(new NodeId("a"));

      rotated.restart(next);
      willRead(a);
    }
  }

  private static void willRead(ZooKeeperCoordination driver) {
    long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
    while (true) {
      try {
        var _ = driver.read();
        return;
      } catch (DriverException e) {
        assertThat(System.nanoTime()).as(e.getMessage()).isLessThan(deadline);
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  private DriverException startFailure(PemFiles files) {
    return Objects.requireNonNull(
        catchThrowableOfType(
            DriverException.class,
            () ->
                driver(files).start(record("c"), new RecordingListener(), Duration.ofSeconds(3))));
  }

  private ZooKeeperCoordination driver(PemFiles files) throws DriverException {
    return driver(server.connectString(), files.material());
  }

  private ZooKeeperCoordination driver(String connect, Reloaded<TlsMaterial> material) {
    ZooKeeperCoordination driver =
        new ZooKeeperCoordination(
            ZooKeeperSettings.of(
                connect,
                "demo",
                T,
                ImmutableList.of(new GatewayId("live")),
                Optional.of(material)));
    drivers.add(driver);
    return driver;
  }

  private static NodeRecord record(String node) {
    return new NodeRecord(
        new NodeId(node),
        new InstanceId("1"),
        "127.0.0.1:7420",
        "0.1.0",
        Instant.parse("2026-11-20T10:00:00Z"),
        Optional.empty(),
        ImmutableList.of());
  }
}
