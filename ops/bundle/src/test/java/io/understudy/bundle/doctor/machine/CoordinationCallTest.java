package io.understudy.bundle.doctor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.CoordinationServer;
import io.understudy.bundle.doctor.TestAuthority;
import io.understudy.bundle.doctor.machine.Machine.ServerReport;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real ZooKeeper server with mutual TLS, in a process of its own; it grants 1 s to 10 s. */
final class CoordinationCallTest {
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final CertificateFiles IDENTITY =
      new CertificateFiles("/node.pem", "/node.pem", "/authority.pem", "127.0.0.1");

  @TempDir private static Path root;
  private static Process server;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    Instant now = Instant.now();
    TestAuthority authority = TestAuthority.create(now.minusSeconds(60));
    Files.writeString(root.resolve("authority.pem"), authority.certificate());
    Files.writeString(
        root.resolve("strange.pem"), TestAuthority.create(now.minusSeconds(60)).certificate());
    for (String name : new String[] {"server.pem", "node.pem"}) {
      TestAuthority.Issued issued =
          authority.issue("127.0.0.1", now.minusSeconds(60), now.plusSeconds(3600));
      Files.writeString(root.resolve(name), issued.key() + issued.certificate());
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path settings =
        Files.writeString(
            root.resolve("zoo.cfg"),
            """
            tickTime=500
            dataDir=%1$s/data
            admin.enableServer=false
            4lw.commands.whitelist=srvr
            serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
            secureClientPort=%2$d
            secureClientPortAddress=127.0.0.1
            authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider
            ssl.clientAuth=need
            ssl.keyStore.location=%1$s/server.pem
            ssl.trustStore.location=%1$s/authority.pem
            """
                .formatted(root, port));
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("server.log").toFile())
            .start();
    waitUntilItAnswers();
  }

  /** The first handshake of a cold server may take longer than the doctor is willing to wait. */
  private static void waitUntilItAnswers() throws Exception {
    long end = System.nanoTime() + START_MAX.toNanos();
    while (System.nanoTime() < end && !server.waitFor(50, TimeUnit.MILLISECONDS)) {
      if (ask(IDENTITY, Duration.ofSeconds(6)) instanceof Answer.Known<ServerReport>) {
        return;
      }
    }
    throw new AssertionError(Files.readString(root.resolve("server.log")));
  }

  @AfterAll
  static void stop() {
    server.destroyForcibly();
    Process _ = server.onExit().orTimeout(10, TimeUnit.SECONDS).join();
  }

  @Test
  void aServerTellsItsModeAndGrantsTheTimeoutThatIsAskedFor() {
    assertThat(ask(IDENTITY, Duration.ofSeconds(6)))
        .isEqualTo(Answer.known(new ServerReport("standalone", 6_000)));
  }

  @Test
  void aTimeoutBeyondTheServersLimitsIsGrantedOnlyUpToThem() {
    assertThat(ask(IDENTITY, Duration.ofSeconds(30)))
        .isEqualTo(Answer.known(new ServerReport("standalone", 10_000)));
  }

  @Test
  void aServerOfAnotherAuthorityIsNotBelieved() {
    CertificateFiles other =
        new CertificateFiles("/node.pem", "/node.pem", "/strange.pem", "127.0.0.1");

    assertThat(ask(other, Duration.ofSeconds(6)))
        .isInstanceOfSatisfying(
            Answer.Unknown.class,
            unknown -> assertThat(unknown.sentence()).contains("path validation failed"));
  }

  @Test
  void aMissingIdentityAndAClosedPortAreAnswersToo() {
    CertificateFiles missing =
        new CertificateFiles("/none.pem", "/none.pem", "/authority.pem", "127.0.0.1");

    assertThat(ask(missing, Duration.ofSeconds(6)))
        .isInstanceOfSatisfying(
            Answer.Unknown.class,
            unknown -> assertThat(unknown.cause()).isEqualTo(Answer.Cause.ABSENT));
    assertThat(
            new LocalMachine(root, InstantSource.system())
                .server(
                    new CoordinationServer("alpha", "127.0.0.1", 1),
                    IDENTITY,
                    Duration.ofSeconds(6)))
        .isInstanceOf(Answer.Unknown.class);
  }

  private static Answer<ServerReport> ask(CertificateFiles identity, Duration timeout) {
    return new LocalMachine(root, InstantSource.system())
        .server(new CoordinationServer("alpha", "127.0.0.1", port), identity, timeout);
  }
}
