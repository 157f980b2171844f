package io.understudy.node.driver.zookeeper;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.GuardedWrite.ClaimUpdate;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.CoordinationDriver.Connection;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.RecordingListener;
import io.understudy.v1.StoredLedger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.curator.test.TestingServer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is special to ZooKeeper, against one real server. */
final class ZooKeeperCoordinationTest {
  private static final GatewayId LIVE = new GatewayId("live");
  private static final NodeId A = new NodeId("a");
  private static final Duration T = Duration.ofSeconds(3);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(15);
  private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static TestingServer server;

  @SuppressWarnings("NullAway.Init") // Set before all tests.
  private static ZooKeeper raw;

  private static int clusters;

  private final ClusterPaths paths = new ClusterPaths("special-" + ++clusters);
  private final RecordingListener listener = new RecordingListener();
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startServer() throws Exception {
    server = TestServers.server();
    raw = TestServers.connect(server.getConnectString());
  }

  @AfterAll
  static void stopServer() throws Exception {
    raw.close();
    server.close();
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void callsBeforeTheStartFailForTheTimeBeing() {
    ZooKeeperCoordination driver = driver(server.getConnectString(), T);

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> renewed(driver), driver::read, () -> driver.history(LIVE, 1))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              DriverException.class,
              error -> assertThat(error.kind()).isEqualTo(DriverException.Kind.TRANSIENT))
          .hasMessage("Coordination is not started yet");
    }
    ElectionTicket ticket = new ElectionTicket("latch-1");
    assertThat(driver.write(claim(ticket, 0))).isEqualTo(GuardedWrite.Result.INDETERMINATE);
  }

  @Test
  void aSyncGoesToTheServer() throws Exception {
    ZooKeeperCoordination a = started(A);
    SessionId session = renewed(a);
    long before = TestServers.lastRequest(session).number();

    a.sync();

    assertThat(TestServers.lastRequest(session))
        .isEqualTo(new TestServers.Request("SYNC", before + 1));
  }

  @Test
  void serversThatCannotBeReachedAreNamed() throws Exception {
    String nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "127.0.0.1:" + socket.getLocalPort();
    }
    ZooKeeperCoordination driver = driver(nobody, T);
    long begin = System.nanoTime();

    DriverException error = startFailure(driver, Duration.ofSeconds(1));

    assertThat(error.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(error).hasMessageStartingWith("No ZooKeeper server at " + nobody);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void aSessionTimeoutThatTheServersDoNotGrantStopsTheStart() {
    ZooKeeperCoordination driver = driver(server.getConnectString(), Duration.ofSeconds(6));

    DriverException error = startFailure(driver, START_TIMEOUT);

    assertThat(error.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(error)
        .hasMessageContaining("4000 ms instead of the configured 6000 ms")
        .hasMessageContaining("maxSessionTimeout");
  }

  @Test
  void aTicketThatIsGoneAtTheServersRefusesTheWriteThoughTheWriterDoesNotKnowYet()
      throws Exception {
    ZooKeeperCoordination a = started(A);
    a.join(LIVE);
    ElectionTicket ticket = election(a).own().orElseThrow();
    raw.delete(paths.election(LIVE) + "/" + ticket.name(), -1);

    GuardedWrite.Result result = a.write(claim(ticket, 0));

    assertThat(result).isEqualTo(GuardedWrite.Result.REFUSED);
    assertThat(election(a)).isEqualTo(ElectionView.EMPTY);
    a.join(LIVE);
    assertThat(election(a).own()).isPresent().isNotEqualTo(Optional.of(ticket));
    assertThat(a.write(claim(election(a).own().orElseThrow(), 0)))
        .isEqualTo(GuardedWrite.Result.COMMITTED);
  }

  @Test
  void aLatchDoesNotEnterAgainByItselfAfterAnExpiry() throws Exception {
    ZooKeeperCoordination a = started(A);
    a.join(LIVE);
    for (int life = 0; life < 3; life++) {
      SessionId session = renewed(a);
      TestServers.endSession(server.getConnectString(), session.value());
      eventually("another session began", () -> !renewed(a).equals(session));

      assertThat(election(a)).isEqualTo(ElectionView.EMPTY);
    }
    assertThat(listener.connections()).contains(Connection.EXPIRED);
    assertThat(raw.getChildren(paths.election(LIVE), false)).isEmpty();
  }

  @Test
  void changesAreAnnouncedInANewSessionToo() throws Exception {
    ZooKeeperCoordination a = started(A);
    SessionId session = renewed(a);
    TestServers.endSession(server.getConnectString(), session.value());
    eventually("another session began", () -> !renewed(a).equals(session));
    eventually(
        "the watch is quiet",
        () -> {
          int before = listener.changes();
          return a.read().nodes().containsKey(A) && listener.changes() == before;
        });
    int before = listener.changes();

    raw.setData(paths.root() + "/gateways/live/directives", new byte[0], -1);

    eventually("a is told", () -> listener.changes() > before);
  }

  @Test
  void aRecordThatCannotBeReadIsNamed() throws Exception {
    ZooKeeperCoordination a = started(A);
    String custody = paths.root() + "/gateways/live/custody";
    raw.setData(custody, "no message".getBytes(StandardCharsets.UTF_8), -1);

    assertThatThrownBy(a::read).isInstanceOf(DriverException.class).hasMessageContaining(custody);
  }

  @Test
  void aRecordOfALaterFormatStopsTheStartWithASentenceThatNamesItAndSaysWhatToDo()
      throws Exception {
    started(A).close();
    String ledger = paths.root() + "/gateways/live/ledger";
    raw.setData(ledger, StoredLedger.newBuilder().setFormat(7).build().toByteArray(), -1);

    DriverException error = startFailure(driver(server.getConnectString(), T), START_TIMEOUT);

    assertThat(error.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(error)
        .hasMessage(
            "Cannot read "
                + ledger
                + " in ZooKeeper: it has format 7, and this version knows none above 0: install the"
                + " version that wrote it on this node, or a later one");
    assertThat(raw.getChildren(paths.nodes(), false)).isEmpty();
  }

  @Test
  void aPermanentRecordThatIsMissingIsMadeAgain() throws Exception {
    ZooKeeperCoordination a = started(A);
    raw.delete(paths.root() + "/gateways/live/directives", -1);

    assertThat(Objects.requireNonNull(a.read().gateways().get(LIVE)).directives().version())
        .isZero();
  }

  @Test
  void aFormerLifeIsWaitedForUntilItsSessionExpires() throws Exception {
    TestLink link = link();
    ZooKeeperCoordination former = driver(link.address(), T);
    start(former, A, "1");
    SessionId session = renewed(former);
    link.cut();
    former.close();
    long begin = System.nanoTime();

    ZooKeeperCoordination next = driver(server.getConnectString(), T);
    start(next, A, "2");

    assertThat(next.renew(record(A, "2"))).isNotEqualTo(session);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isBetween(T.dividedBy(4), T.multipliedBy(3));
  }

  @Test
  void aFormerLifeThatOutlastsTheStartIsNamed() throws Exception {
    TestLink link = link();
    ZooKeeperCoordination former = driver(link.address(), T);
    start(former, A, "1");
    link.cut();

    DriverException error =
        startFailure(driver(server.getConnectString(), T), Duration.ofSeconds(1));

    assertThat(error.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(error).hasMessageContaining("former life of node 'a' has not expired");
  }

  @Test
  void aNamesakeThatLivesWithoutRenewingIsRefusedAfterTwiceItsTimeout() throws Exception {
    Duration shorter = Duration.ofSeconds(1);
    start(driver(server.getConnectString(), shorter), A, "1");

    DriverException error = startFailure(driver(server.getConnectString(), shorter), START_TIMEOUT);

    assertThat(error.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(error)
        .hasMessageContaining("'a' is already running (instance 1, at 127.0.0.1:7420)");
  }

  @Test
  void aRecordOfAnotherSessionIsNeverOverwritten() throws Exception {
    ZooKeeperCoordination a = started(A);
    SessionId _ = renewed(a);
    raw.delete(paths.node(A), -1);
    byte[] foreign = "foreign".getBytes(StandardCharsets.UTF_8);
    raw.create(
        paths.node(A),
        foreign,
        Collections.singletonList(new ACL(ZooDefs.Perms.ALL, new Id("world", "anyone"))),
        CreateMode.EPHEMERAL);

    assertThatThrownBy(() -> a.renew(record(A, "1")))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining(new SessionId(raw.getSessionId()).toString());
    assertThat(raw.getData(paths.node(A), false, null)).isEqualTo(foreign);
    raw.delete(paths.node(A), -1);
    assertThat(renewed(a)).isNotNull();
  }

  @Test
  void aRecordThatSomebodyDeletedIsMadeAgainByTheNextRenewal() throws Exception {
    ZooKeeperCoordination a = started(A);
    SessionId session = renewed(a);
    raw.delete(paths.node(A), -1);

    assertThat(renewed(a)).isEqualTo(session);
    assertThat(a.read().nodes()).containsKey(A);
  }

  @Test
  void theHistoryIsBounded() throws Exception {
    ZooKeeperCoordination a = started(A);
    int written = GatewayHistory.ENTRIES_MAX + 15;
    for (int i = 1; i <= written; i++) {
      a.record(LIVE, new HistoryEntry(AT, A, new Epoch(i), "Command", "alice", "Paused"));
    }

    eventually(
        "the oldest lines are gone",
        () -> raw.getChildren(paths.history(LIVE), false).size() == GatewayHistory.ENTRIES_MAX);
    ImmutableList<HistoryEntry> lines = a.history(LIVE, 1_000);
    assertThat(lines).hasSize(GatewayHistory.ENTRIES_MAX);
    assertThat(lines.getFirst().epoch()).isEqualTo(new Epoch(written));
    assertThat(lines.getLast().epoch()).isEqualTo(new Epoch(16));
  }

  @Test
  void aCallReturnsWithinItsTimeoutWhenNobodyAnswers() throws Exception {
    TestLink link = link();
    ZooKeeperCoordination a = driver(link.address(), T);
    start(a, A, "1");
    link.loseAnswers();
    long begin = System.nanoTime();

    assertThatThrownBy(a::read)
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("did not answer within %d ms".formatted(T.toMillis() / 2));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(T);
  }

  private ZooKeeperCoordination started(NodeId node) throws DriverException {
    ZooKeeperCoordination driver = driver(server.getConnectString(), T);
    start(driver, node, "1");
    return driver;
  }

  private void start(ZooKeeperCoordination driver, NodeId node, String instance)
      throws DriverException {
    driver.start(record(node, instance), listener, START_TIMEOUT);
  }

  private ZooKeeperCoordination driver(String connect, Duration sessionTimeout) {
    ZooKeeperCoordination driver =
        new ZooKeeperCoordination(
            ZooKeeperSettings.of(
                connect,
                paths.clusterName(),
                sessionTimeout,
                ImmutableList.of(LIVE),
                Optional.empty()));
    open.add(driver);
    return driver;
  }

  private TestLink link() {
    TestLink link = new TestLink(server.getPort());
    open.add(link);
    return link;
  }

  private DriverException startFailure(ZooKeeperCoordination driver, Duration timeout) {
    return Objects.requireNonNull(
        catchThrowableOfType(
            DriverException.class,
            () -> driver.start(record(A, "2"), new RecordingListener(), timeout)));
  }

  private static SessionId renewed(ZooKeeperCoordination driver) throws DriverException {
    return driver.renew(record(A, "1"));
  }

  private static ElectionView election(ZooKeeperCoordination driver) throws DriverException {
    return Objects.requireNonNull(driver.read().gateways().get(LIVE)).election();
  }

  private static GuardedWrite claim(ElectionTicket ticket, int version) {
    return new GuardedWrite(
        LIVE,
        ticket,
        ImmutableList.of(),
        ImmutableList.of(
            new ClaimUpdate(new Claim(new Epoch(1), A, new InstanceId("1"), AT), version)),
        Optional.empty());
  }

  private static NodeRecord record(NodeId node, String instance) {
    return new NodeRecord(
        node,
        new InstanceId(instance),
        "127.0.0.1:7420",
        "0.1.0",
        AT,
        Optional.empty(),
        ImmutableList.of());
  }
}
