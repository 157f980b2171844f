package io.understudy.node.undertaker;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.node.undertaker.LifeRecord.Gateway;
import io.understudy.node.undertaker.LifeRecord.Life;
import io.understudy.node.undertaker.LifeRecord.Session;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A session on a real server, processes that are played by sleep, and each refusal. */
@Timeout(60)
class UndertakerTest {
  private static final int ANY = -1;
  private static final int TICK_MILLIS = 500;
  private static final int SESSION_MILLIS = 10_000;
  private static final String EPHEMERAL = "/leader";
  private static final List<ACL> ANYBODY =
      // Not List.of: ZooKeeper asks the list whether it contains null.
      Collections.singletonList(new ACL(ZooDefs.Perms.ALL, new Id("world", "anyone")));
  private static final Life DEAD = new Life("another boot", 1, 1);

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TestingServer server;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path state;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private ZooKeeper dead;

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private ZooKeeper witness;

  private final List<Process> started = new ArrayList<>();

  @BeforeAll
  static void startServer() throws Exception {
    server =
        new TestingServer(new InstanceSpec(null, ANY, ANY, ANY, true, ANY, TICK_MILLIS, ANY), true);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @BeforeEach
  void openTheSession() throws Exception {
    witness = connect();
    dead = connect();
    String _ = dead.create(EPHEMERAL, new byte[0], ANYBODY, CreateMode.EPHEMERAL);
  }

  @AfterEach
  void endEverything() throws Exception {
    started.forEach(Process::destroyForcibly);
    dead.close();
    witness.close();
  }

  private static ZooKeeper connect() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    ZooKeeper client =
        new ZooKeeper(
            server.getConnectString(),
            SESSION_MILLIS,
            event -> {
              if (event.getState() == KeeperState.SyncConnected) {
                connected.countDown();
              }
            });
    assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();
    return client;
  }

  private Session session() {
    return session(server.getConnectString());
  }

  private Session session(String connect) {
    return new Session(
        connect,
        dead.getSessionId(),
        HexFormat.of().formatHex(dead.getSessionPasswd()),
        Duration.ofMillis(SESSION_MILLIS),
        Optional.empty());
  }

  private Gateway gateway(int port) {
    return new Gateway("live", List.of(marker()), state.resolve("gateway.pid"), port);
  }

  private String marker() {
    return "-Dunderstudy.gateway=" + state;
  }

  private void record(Life life, Gateway gateway) throws Exception {
    new LifeRecord(life, List.of(gateway), session()).write(state);
  }

  private Undertaker.Report bury(String... more) {
    List<String> arguments = new ArrayList<>(List.of("--state", state.toString()));
    arguments.addAll(List.of(more));
    return Undertaker.run(arguments.toArray(new String[0]), Map.of());
  }

  private boolean sessionLives() throws Exception {
    witness.sync("/", (_, _, _) -> {}, null);
    return witness.exists(EPHEMERAL, false) != null;
  }

  /** A process that sleeps, with one more argument. */
  private Process sleeping(String... before) throws Exception {
    List<String> command = new ArrayList<>(List.of(before));
    command.addAll(List.of("sh", "-c", "sleep 60 & wait", marker()));
    Process process = new ProcessBuilder(command).start();
    started.add(process);
    eventually(
        "its child runs",
        () ->
            process
                .children()
                .anyMatch(
                    child -> child.info().command().filter(c -> c.endsWith("sleep")).isPresent()));
    return process;
  }

  private static int closedPort() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private static long startedOf(Process process) {
    return Processes.look(process.pid()).orElseThrow().started();
  }

  @Test
  void theSessionOfADeadDaemonIsClosedAndASecondRunDoesNothing() throws Exception {
    record(DEAD, gateway(closedPort()));
    assertThat(sessionLives()).isTrue();

    Undertaker.Report report = bury();
    assertThat(report.status()).as(report.sentence()).isEqualTo(Undertaker.DONE);
    assertThat(report.sentence()).contains("session closed by 127.0.0.1");
    assertThat(sessionLives()).isFalse();

    assertThat(bury().status()).isEqualTo(Undertaker.DONE);
    assertThat(bury().sentence()).contains("nothing to do");
  }

  @Test
  void aSessionThatHasEndedIsNoFailure() throws Exception {
    record(DEAD, gateway(closedPort()));
    dead.close();
    Undertaker.Report report = bury();
    assertThat(report.status()).isEqualTo(Undertaker.DONE);
    assertThat(report.sentence()).contains("had ended already");
  }

  @Test
  void aServerThatDoesNotAnswerIsPassedOver() throws Exception {
    new LifeRecord(
            DEAD,
            List.of(gateway(closedPort())),
            session("127.0.0.1:" + closedPort() + "," + server.getConnectString() + "/root"))
        .write(state);
    assertThat(bury().status()).isEqualTo(Undertaker.DONE);
    assertThat(sessionLives()).isFalse();
  }

  @Test
  void withoutAServerTheSessionIsLeftToItsTimeoutAndCanBeTriedAgain() throws Exception {
    new LifeRecord(DEAD, List.of(gateway(closedPort())), session("127.0.0.1:" + closedPort()))
        .write(state);
    assertThat(bury().status()).isEqualTo(Undertaker.NOT_CLOSED);
    assertThat(bury().status()).isEqualTo(Undertaker.NOT_CLOSED);
    assertThat(sessionLives()).isTrue();
  }

  @Test
  void aSilentServerCostsItsPatienceAndNoMore() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      new LifeRecord(
              DEAD,
              List.of(gateway(closedPort())),
              session("127.0.0.1:" + silent.getLocalPort() + "," + server.getConnectString()))
          .write(state);
      assertThat(bury().status()).isEqualTo(Undertaker.DONE);
      assertThat(sessionLives()).isFalse();
    }
  }

  @Test
  void gatewaysThatOutlivedTheDaemonAreKilledWithTheirGroups() throws Exception {
    Process gateway = sleeping("setsid");
    List<ProcessHandle> children = gateway.children().toList();
    record(DEAD, gateway(closedPort()));

    Undertaker.Report report = bury();
    assertThat(report.status()).as(report.sentence()).isEqualTo(Undertaker.DONE);
    assertThat(report.sentence()).contains("2 of the dead daemon's processes killed");
    assertThat(gateway.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(children).allMatch(child -> !Processes.acts(child.pid(), started(child)));
    assertThat(sessionLives()).isFalse();
  }

  private static long started(ProcessHandle handle) {
    return Processes.look(handle.pid()).map(Processes.Seen::started).orElse(-1L);
  }

  @Test
  void aGroupThatTheGatewayDoesNotLeadIsNotItsOwn() throws Exception {
    Process gateway = sleeping();
    ProcessHandle stranger = gateway.children().findFirst().orElseThrow();
    record(DEAD, gateway(closedPort()));

    assertThat(bury().status()).isEqualTo(Undertaker.DONE);
    assertThat(gateway.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(stranger.isAlive()).as("its group is ours, of the test").isTrue();
    boolean _ = stranger.destroyForcibly();
  }

  @Test
  void everythingInTheControlGroupIsKilledButTheUndertaker() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    started.add(other);
    Path group = Files.createDirectories(state.resolve("group/sub"));
    Files.writeString(
        group.resolve("cgroup.procs"), other.pid() + "\n" + ProcessHandle.current().pid() + "\n");
    record(DEAD, gateway(closedPort()));

    Undertaker.Report report = bury("--cgroup", state.resolve("group").toString());
    assertThat(report.status()).as(report.sentence()).isEqualTo(Undertaker.DONE);
    assertThat(other.waitFor(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aProcessThatCannotBeKilledMakesItRefuse() throws Exception {
    Process gateway = sleeping("setsid");
    LifeRecord record = new LifeRecord(DEAD, List.of(gateway(closedPort())), session());
    Survivors survivors = new Survivors(record, Optional.empty(), _ -> {}, Duration.ofMillis(200));

    assertThatThrownBy(survivors::end)
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(Long.toString(gateway.pid()))
        .hasMessageContaining("left to its timeout");
  }

  @Test
  void aProcessOfTheControlGroupThatTheKernelsListHidesMakesItRefuse() throws Exception {
    Path group = Files.createDirectories(state.resolve("group"));
    // 0 is how the kernel lists one of another pid namespace.
    for (long hidden : new long[] {0, Long.MAX_VALUE}) {
      Files.writeString(group.resolve("cgroup.procs"), hidden + "\n");
      Survivors survivors =
          new Survivors(
              new LifeRecord(DEAD, List.of(gateway(closedPort())), session()),
              Optional.of(new ControlGroup(group)),
              _ -> {},
              Duration.ofMillis(200));

      assertThatThrownBy(survivors::end)
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("Process " + hidden)
          .hasMessageContaining("/proc does not show it");
    }
  }

  @Test
  void aDaemonThatLivesIsRefused() throws Exception {
    Process daemon = new ProcessBuilder("sleep", "60").start();
    started.add(daemon);
    record(new Life(Processes.boot(), daemon.pid(), startedOf(daemon)), gateway(closedPort()));

    assertRefused("still runs with the state directory");
    assertThat(daemon.isAlive()).isTrue();
  }

  @Test
  void aDaemonWhosePidWasUsedAgainIsDeadAndItsSuccessorIsLeftAlone() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    started.add(other);
    Files.writeString(state.resolve("gateway.pid"), other.pid() + " 1700000000000\n");
    record(new Life(Processes.boot(), other.pid(), startedOf(other) - 1), gateway(closedPort()));

    assertThat(bury().status()).isEqualTo(Undertaker.DONE);
    assertThat(other.isAlive()).isTrue();
  }

  @Test
  void aGatewayIsFoundByItsPidFileToo() throws Exception {
    Process gateway = new ProcessBuilder("sleep", "60").start();
    started.add(gateway);
    Files.writeString(
        state.resolve("gateway.pid"),
        gateway.pid() + " " + gateway.info().startInstant().orElseThrow().toEpochMilli() + "\n");
    record(DEAD, gateway(closedPort()));

    assertThat(bury().status()).isEqualTo(Undertaker.DONE);
    assertThat(gateway.waitFor(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aPortThatIsStillOpenIsRefused() throws Exception {
    try (ServerSocket open = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      record(DEAD, gateway(open.getLocalPort()));
      assertRefused("still listens on port " + open.getLocalPort());
    }
  }

  @Test
  void aRecordThatIsDamagedOrCutOffIsRefused() throws Exception {
    record(DEAD, gateway(closedPort()));
    Path file = state.resolve("life.record");
    String whole = Files.readString(file);
    for (String damaged :
        List.of(
            "",
            "nonsense\n",
            whole.substring(0, whole.length() / 2),
            whole + whole,
            whole.replace("version=1", "version=2"),
            whole.replace("session.id=", "session.id=x"))) {
      Files.writeString(file, damaged);
      assertRefused("is damaged");
    }
  }

  @Test
  void aRecordThatOthersMayReadIsRefused() throws Exception {
    record(DEAD, gateway(closedPort()));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(state.resolve("life.record"))))
        .isEqualTo("rw-------");
    Path _ =
        Files.setPosixFilePermissions(
            state.resolve("life.record"), PosixFilePermissions.fromString("rw-r-----"));
    assertRefused("open to others");
  }

  @Test
  void withoutARecordThereIsNothingToDo() throws Exception {
    Undertaker.Report report = bury();
    assertThat(report.status()).isEqualTo(Undertaker.DONE);
    assertThat(sessionLives()).isTrue();
  }

  @Test
  void nothingThatIsSaidHoldsThePassword() throws Exception {
    record(DEAD, gateway(closedPort()));
    assertThat(session().toString()).doesNotContain(session().password());
    assertThat(LifeRecord.read(state).orElseThrow().toString())
        .doesNotContain(session().password());
    assertThat(bury().sentence()).doesNotContain(session().password());
  }

  @Test
  void aCommandLineThatIsWrongDoesNothing() throws Exception {
    record(DEAD, gateway(closedPort()));
    for (String[] wrong :
        new String[][] {{}, {"--state"}, {"--state", "/nonexistent"}, {"--all", "yes"}}) {
      assertThat(Undertaker.run(wrong, Map.of()).status()).isEqualTo(Undertaker.USAGE);
    }
    assertThat(sessionLives()).isTrue();
  }

  @Test
  void onlyTheGroupOfASystemdServiceIsTakenForTheDaemons() throws Exception {
    assertThat(ControlGroup.ofService(Map.of())).isEmpty();
    assertThat(ControlGroup.folder(List.of("0::/user.slice/user-0.slice/session-1.scope")))
        .isEmpty();
    assertThat(ControlGroup.folder(List.of("12:memory:/x.service", "nonsense"))).isEmpty();
  }

  private void assertRefused(String why) throws Exception {
    Undertaker.Report report = bury();
    assertThat(report.status()).as(report.sentence()).isEqualTo(Undertaker.REFUSED);
    assertThat(report.sentence()).contains(why);
    assertThat(sessionLives()).as("the session is untouched").isTrue();
  }
}
