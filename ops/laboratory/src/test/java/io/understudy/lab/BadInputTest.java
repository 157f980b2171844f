package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real daemon with everything wrong that people get wrong: one clear sentence, no stack trace,
 * and no login budget spent on what is not the broker's refusal.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadInputTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Host HOST = Host.loopback("a");
  private static final int WRONG_FILE = 1;
  private static final int NO_START = 2;

  private final AtomicInteger clusters = new AtomicInteger();
  private LabProcesses worldProcesses = new LabProcesses();
  private LabProcesses daemons = new LabProcesses();
  private @Nullable LabWorld startedWorld;

  @BeforeAll
  void startWorld(@TempDir Path directory) {
    startedWorld =
        LabWorld.start(
            worldProcesses,
            Installation.find(),
            directory,
            LabSettings.loopback(LabSettings.SecondFactor.TOTP));
  }

  @AfterAll
  void endWorld() {
    worldProcesses.close();
  }

  @BeforeEach
  void freshDaemons() {
    daemons = new LabProcesses();
    world().broker().forgive(LabCluster.USER);
  }

  @AfterEach
  void endDaemons() {
    daemons.close();
  }

  @Test
  void fiveMistakesInAConfigurationAreToldAtOnce() {
    String config =
        config()
            .replace("session-timeout: 6s", "session-timeout: 6 minutes")
            .replace("driver: client-portal", "driver: client-portale")
            .replace("mode: live", "mod: live")
            .replace("listen: \"127.0.0.1:" + endpoints.relay() + "\"", "listen: here")
            .replace("source: json-file", "source: json");

    String output = refused(config, WRONG_FILE);

    assertThat(output)
        .contains("coordination.session-timeout")
        .contains("gateways.live.driver")
        .contains("gateways.live.mod")
        .contains("gateways.live.relay.listen")
        .contains("gateways.live.positions.source");
  }

  @Test
  void aSecretThatOthersCanReadIsRefusedWithTheCommandThatMendsIt() throws Exception {
    Path open = world().home("a").resolve("open-password");
    Files.writeString(open, "secret");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    String config = config().replace(world().secrets().passwordFile().toString(), open.toString());

    String output = refused(config, WRONG_FILE);

    assertThat(output).contains("gateways.live.password-file").contains("chmod 600 " + open);
  }

  @Test
  void anExpiredCertificateIsNamed() {
    Identity old =
        world()
            .pki()
            .issue(world().home("a").resolve("old"), "a", Pki.Role.NODE, Pki.Validity.expired());
    Identity own = world().identity("a");
    String config =
        config()
            .replace(own.certificate().toString(), old.certificate().toString())
            .replace(own.key().toString(), old.key().toString());

    String output = refused(config, WRONG_FILE);

    assertThat(output).contains(old.certificate().toString()).contains("expired");
  }

  @Test
  void zooKeeperThatCannotBeReachedEndsTheStart() {
    int nobody = world().ports().next();
    String config =
        config()
            .replace(world().zookeeperConnectString("a"), "127.0.0.1:" + nobody)
            .replace("session-timeout: 6s", "session-timeout: 6s\n  start-timeout: 2s");

    String output = refused(config, NO_START);

    assertThat(output).contains("ZooKeeper").contains("127.0.0.1:" + nobody);
  }

  @Test
  void anApiPortThatIsTakenEndsTheStart() throws Exception {
    String config = config();
    try (ServerSocket taken = listen(endpoints.api())) {
      String output = refused(config, NO_START);

      assertThat(output).contains(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void aSecondNodeWithTheSameNameIsTurnedAway() {
    String first = config();
    LabNode.Endpoints others = LabNode.Endpoints.choose(HOST, world().ports(), 1);
    LabNode running = start(first);
    running.awaitReady();
    String second =
        first
            .replace("127.0.0.1:" + endpoints.api(), "127.0.0.1:" + others.api())
            .replace("127.0.0.1:" + endpoints.http(), "127.0.0.1:" + others.http())
            .replace("127.0.0.1:" + endpoints.page(), "127.0.0.1:" + others.page())
            .replace("127.0.0.1:" + endpoints.relay(), "127.0.0.1:" + others.relay())
            .replace("listen-port: " + endpoints.program(), "listen-port: " + others.program())
            .replace("state-directory: ", "state-directory: " + "/./")
            .replace("/state-", "/second-state-");

    String output = refused(second, NO_START);

    assertThat(output).contains("node a").doesNotContain("NodeExists");
    assertThat(running.daemon().isAlive()).isTrue();
  }

  @Test
  void aGatewayPortThatIsTakenIsSaidInTheStatusAndNobodyLogsIn() throws Exception {
    int before = submissions();
    String config = config();
    try (ServerSocket taken = listen(endpoints.program())) {
      LabNode node = start(config);

      String why = awaitWhy(node, Integer.toString(taken.getLocalPort()));

      assertThat(why).contains(Integer.toString(taken.getLocalPort()));
    }
    assertThat(submissions()).isEqualTo(before);
  }

  @Test
  void aWrongPasswordIsSubmittedOnceAndThenLeftAlone() {
    Path wrong = PrivateFiles.write(world().home("a").resolve("wrong-password"), "guess\n");
    int before = submissions();
    LabNode node =
        start(config().replace(world().secrets().passwordFile().toString(), wrong.toString()));

    String why = awaitWhy(node, "password");

    assertThat(why).doesNotContain("guess");
    assertThat(submissions()).isEqualTo(before + 1);
    assertQuiet(node);
  }

  @Test
  void aWrongSecretForOneTimeCodesIsSaid() {
    Path wrong =
        PrivateFiles.write(
            world().home("a").resolve("wrong-totp"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n");
    LabNode node =
        start(config().replace(world().secrets().totpFile().toString(), wrong.toString()));

    String why = awaitWhy(node, "code");

    assertThat(why).doesNotContain("GEZDGNBV");
    assertThat(world().broker().report().path("violations").asInt()).isZero();
    assertQuiet(node);
  }

  private LabNode.Endpoints endpoints = new LabNode.Endpoints(HOST, 1, 1, 1, ImmutableList.of());

  /** A right configuration of node a in a cluster of its own, to be spoilt. */
  private String config() {
    endpoints = LabNode.Endpoints.choose(HOST, world().ports(), 1);
    return NodeConfigFile.of(world(), "bad-input-" + clusters.incrementAndGet(), endpoints);
  }

  private LabNode start(String config) {
    Path file = write(config);
    return LabNode.start(
        daemons,
        world().installation(),
        endpoints,
        file.resolveSibling(file.getFileName() + ".log"),
        file,
        LabWorld.stateDirectory(world().directory(), "a", "bad-input-" + clusters.get()),
        ImmutableList.of());
  }

  private Path write(String config) {
    return PrivateFiles.write(
        world().home("a").resolve("bad-" + clusters.get() + "-" + System.nanoTime() + ".yaml"),
        config);
  }

  /** Starts the daemon, which has to end with that status, and returns what it said. */
  private String refused(String config, int status) {
    LabNode node = start(config);
    int ended = node.daemon().awaitExit(LIMIT);
    String output = log(node);
    assertThat(ended).as(output).isEqualTo(status);
    assertQuiet(node);
    return output;
  }

  private void assertQuiet(LabNode node) {
    assertThat(log(node)).doesNotContain("\tat ").doesNotContain("Exception");
  }

  private static String log(LabNode node) {
    try {
      return Files.readString(node.daemon().log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the node says why it does not serve, with that word in it. */
  private String awaitWhy(LabNode node, String word) {
    node.awaitReady();
    CommandLine commandLine =
        CommandLine.of(world().installation(), world().writeContexts(ImmutableList.of(endpoints)));
    Operator operator = new Operator(commandLine, Narrator.silent());
    return operator
        .waits(
            LIMIT,
            "A reason that says " + word,
            view ->
                view.cell("a")
                    .map(ClusterView.Cell::why)
                    .filter(why -> why.contains(word))
                    .isPresent())
        .cell("a")
        .orElseThrow()
        .why();
  }

  private int submissions() {
    return world().broker().report().path("submissions").asInt();
  }

  private static ServerSocket listen(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  private LabWorld world() {
    return Optional.ofNullable(startedWorld).orElseThrow();
  }
}
