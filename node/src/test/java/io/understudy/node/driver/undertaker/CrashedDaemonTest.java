package io.understudy.node.driver.undertaker;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.driver.zookeeper.ZooKeeperCoordination;
import io.understudy.node.driver.zookeeper.ZooKeeperSettings;
import io.understudy.node.spi.RecordingListener;
import io.understudy.node.testing.RealDaemon;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import io.understudy.node.testing.TlsZooKeeper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real understudyd with a gateway program, a real ZooKeeper server with TLS, a kill -9, and the
 * undertaker as a program of its own.
 */
@Timeout(180)
class CrashedDaemonTest {
  private static final NodeId A = new NodeId("a");

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path folder;

  /** By the last undertaker. */
  private String said = "";

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private TlsZooKeeper zookeeper;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private RealDaemon daemon;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private ZooKeeperCoordination standby;

  @BeforeEach
  void startTheCluster() throws Exception {
    TestAuthority authority = new TestAuthority(folder, "cluster");
    zookeeper = TlsZooKeeper.start(folder, authority);
    PemFiles files = authority.issue("coordination", "coordination");
    daemon =
        RealDaemon.start(
            folder,
            List.of(
                "connect: " + zookeeper.connectString(),
                "start-timeout: 40s",
                "tls: {certificate: %s, key: %s, authority: %s}"
                    .formatted(files.certificate(), files.key(), files.authority())),
            Map.of());
    standby =
        new ZooKeeperCoordination(
            ZooKeeperSettings.of(
                zookeeper.connectString(),
                "main",
                RealDaemon.SESSION_TIMEOUT,
                ImmutableList.of(new GatewayId("live")),
                Optional.of(files.material())));
    standby.start(self(), new RecordingListener(), Duration.ofSeconds(40));
    eventually(
        "the daemon has joined", RealDaemon.START_MAX, () -> standby.read().nodes().containsKey(A));
    eventually("its gateway answers", RealDaemon.START_MAX, () -> listens(daemon.gatewayPort()));
  }

  @AfterEach
  void stopTheCluster() {
    standby.close();
    daemon.close();
    zookeeper.close();
  }

  @Test
  void theUndertakerEndsTheGatewayAndThenTheSession() throws Exception {
    ProcessHandle gateway = gateway();
    assertThat(Files.readString(daemon.stateDirectory().resolve("life.record")))
        .as("paths, and nothing of the key itself")
        .contains("tls.key=")
        .doesNotContain("PRIVATE KEY");
    assertThat(bury()).as("while the daemon lives").isEqualTo(2);
    assertThat(gateway.isAlive()).isTrue();

    daemon.signal("KILL");
    assertThat(daemon.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(gateway.isAlive()).as("it outlives the daemon").isTrue();
    assertThat(bury()).isZero();
    assertThat(said).as("before its timeout").contains("session closed by");

    assertThat(listens(daemon.gatewayPort())).isFalse();
    assertThat(standby.read().nodes()).as("the session is over").doesNotContainKey(A);
    assertThat(bury()).as("once more").isZero();
  }

  @Test
  void aDaemonThatStopsInGoodOrderLeavesNothingToDo() throws Exception {
    daemon.signal("TERM");
    assertThat(daemon.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(daemon.stateDirectory().resolve("life.record")).doesNotExist();
    assertThat(standby.read().nodes()).doesNotContainKey(A);
    assertThat(bury()).isZero();
  }

  private ProcessHandle gateway() {
    return daemon.process().descendants().findFirst().orElseThrow();
  }

  /** Its exit status. It gets a class path with nothing but the module's own classes. */
  private int bury() throws IOException, InterruptedException {
    Path classes =
        Path.of(LifeRecordFile.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Process undertaker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes.toString(),
                "io.understudy.node.undertaker.Undertaker",
                "--state",
                daemon.stateDirectory().toString())
            .redirectErrorStream(true)
            .start();
    said = new String(undertaker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(undertaker.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(said.strip()).startsWith("undertaker: ").hasLineCount(1);
    return undertaker.exitValue();
  }

  private static boolean listens(int port) {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static NodeRecord self() {
    return new NodeRecord(
        new NodeId("b"),
        new InstanceId("1"),
        "127.0.0.1:7420",
        "0.1.0",
        Instant.parse("2026-11-20T10:00:00Z"),
        Optional.empty(),
        ImmutableList.of());
  }
}
