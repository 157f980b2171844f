package io.understudy.node.driver.zookeeper;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.failover.GuardedWrite.ClaimUpdate;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.leadership.Claim;
import io.understudy.node.core.leadership.ElectionTicket;
import io.understudy.node.core.leadership.ElectionView;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.CoordinationDriver.Connection;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.RecordingListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three real servers, some of which are killed. */
final class ZooKeeperEnsembleTest {
  private static final GatewayId LIVE = new GatewayId("live");
  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final Duration T = Duration.ofSeconds(4);
  private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
  private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private TestingCluster cluster;

  private final RecordingListener listener = new RecordingListener();
  private final List<ZooKeeperCoordination> drivers = new ArrayList<>();

  @BeforeEach
  void startCluster() throws Exception {
    cluster = new TestingCluster(TestServers.spec(), TestServers.spec(), TestServers.spec());
    cluster.start();
  }

  @AfterEach
  void stopCluster() throws Exception {
    drivers.forEach(ZooKeeperCoordination::close);
    cluster.close();
  }

  @Test
  void whatIsWrittenThroughOneServerIsReadThroughAnother() throws Exception {
    ImmutableList<InstanceSpec> servers = ImmutableList.copyOf(cluster.getInstances());
    ZooKeeperCoordination a = started(A, address(servers.get(0)));
    ZooKeeperCoordination b = started(B, address(servers.get(1)));
    a.join(LIVE);
    ElectionTicket ticket = election(a).own().orElseThrow();

    for (int version = 0; version < 30; version++) {
      assertThat(a.write(claim(ticket, version))).isEqualTo(GuardedWrite.Result.COMMITTED);
      assertThat(Objects.requireNonNull(b.read().gateways().get(LIVE)).claim().version())
          .isEqualTo(version + 1);
    }
  }

  @Test
  void theDeathOfTheEnsemblesLeaderCostsNeitherSessionNorTicket() throws Exception {
    ZooKeeperCoordination a = started(A, cluster.getConnectString());
    SessionId session = a.renew(record(A));
    a.join(LIVE);
    ElectionView before = election(a);

    assertThat(cluster.killServer(leader())).isTrue();

    assertThat(eventually("a renews again", () -> a.renew(record(A)), _ -> true))
        .isEqualTo(session);
    assertThat(eventually("a reads again", () -> election(a), _ -> true)).isEqualTo(before);
    assertThat(a.write(claim(before.own().orElseThrow(), 0)))
        .isEqualTo(GuardedWrite.Result.COMMITTED);
    assertThat(listener.connections()).doesNotContain(Connection.EXPIRED);
  }

  @Test
  void withoutAQuorumNothingIsAcknowledged() throws Exception {
    ZooKeeperCoordination a = started(A, cluster.getConnectString());
    a.join(LIVE);
    ElectionTicket ticket = election(a).own().orElseThrow();
    ImmutableList<InstanceSpec> servers = ImmutableList.copyOf(cluster.getInstances());
    assertThat(cluster.killServer(servers.get(0))).isTrue();
    assertThat(cluster.killServer(servers.get(1))).isTrue();

    assertThatThrownBy(() -> a.renew(record(A))).isInstanceOf(DriverException.class);
    assertThatThrownBy(a::read).isInstanceOf(DriverException.class);
    assertThat(a.write(claim(ticket, 0))).isEqualTo(GuardedWrite.Result.INDETERMINATE);

    assertThat(cluster.restartServer(servers.get(0))).isTrue();
    SessionId _ = eventually("a renews again", () -> a.renew(record(A)), _ -> true);
    assertThat(a.read().nodes()).containsKey(A);
  }

  /** The server whose answer to {@code srvr} says that it leads. */
  private InstanceSpec leader() {
    return eventually(
            "a server leads",
            () ->
                cluster.getInstances().stream()
                    .filter(spec -> srvr(spec).contains("Mode: leader"))
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static String address(InstanceSpec spec) {
    return "127.0.0.1:" + spec.getPort();
  }

  private static String srvr(InstanceSpec spec) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), spec.getPort())) {
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  private ZooKeeperCoordination started(NodeId node, String connect) throws DriverException {
    ZooKeeperCoordination driver =
        new ZooKeeperCoordination(
            ZooKeeperSettings.of(connect, "demo", T, ImmutableList.of(LIVE), Optional.empty()));
    drivers.add(driver);
    driver.start(record(node), listener, START_TIMEOUT);
    return driver;
  }

  private static ElectionView election(ZooKeeperCoordination driver) throws DriverException {
    return Objects.requireNonNull(driver.read().gateways().get(LIVE)).election();
  }

  private static GuardedWrite claim(ElectionTicket ticket, int version) {
    Claim claim = new Claim(new Epoch(version + 1), A, new InstanceId("1"), AT);
    return new GuardedWrite(
        LIVE,
        ticket,
        ImmutableList.of(),
        ImmutableList.of(new ClaimUpdate(claim, version)),
        Optional.empty());
  }

  private static NodeRecord record(NodeId node) {
    return new NodeRecord(
        node,
        new InstanceId("1"),
        "127.0.0.1:7420",
        "0.1.0",
        AT,
        Optional.empty(),
        ImmutableList.of());
  }
}
