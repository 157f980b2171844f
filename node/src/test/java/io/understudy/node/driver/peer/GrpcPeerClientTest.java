package io.understudy.node.driver.peer;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.LIVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.api.ApiServer;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.GatewaySight;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.spi.DriverException;
import io.understudy.node.testing.ClusterScript;
import io.understudy.node.testing.FakeNodeControl;
import io.understudy.node.testing.TestAuthority;
import io.understudy.node.testing.TestAuthority.PemFiles;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node b calls node a over loopback, with the certificates that both would have. */
class GrpcPeerClientTest {
  private static final Epoch EPOCH = new Epoch(8);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final FakeNodeControl control = new FakeNodeControl(new ClusterScript().status());
  private final AtomicReference<ImmutableSet<BigInteger>> revoked =
      new AtomicReference<>(ImmutableSet.of());
  @TempDir private Path directory;
  private TestAuthority authority;
  private BigInteger serverSerial = BigInteger.ZERO;
  private ApiServer server;
  private GrpcPeerClient client;

  @BeforeEach
  void start() throws DriverException {
    authority = new TestAuthority(directory, "demo-authority");
    server = startServer(0);
    client = client("b", "node");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private ApiServer startServer(int port) throws DriverException {
    PemFiles own = authority.issue("a", "node");
    serverSerial = own.serial();
    return ApiServer.start(
        new ApiServer.Settings(
            ImmutableList.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
            own.material(),
            revoked::get,
            PATIENCE),
        control);
  }

  private GrpcPeerClient client(String name, String role) throws DriverException {
    return GrpcPeerClient.create(
        new NodeId(name), authority.issue(name, role).material(), ImmutableSet::of);
  }

  private String address() {
    return "127.0.0.1:" + server.addresses().getFirst().getPort();
  }

  private void relinquish(GrpcPeerClient from, NodeId to, Duration timeout) throws DriverException {
    from.relinquish(to, address(), LIVE, EPOCH, timeout);
  }

  @Test
  void aPeerThatConfirmsHasRelinquished() throws DriverException {
    relinquish(client, A, PATIENCE);
    assertThat(control.relinquished()).containsExactly("b live 8");
  }

  @Test
  void aPeerThatActedUnderALaterEpochIsNotFenced() {
    control.relinquishWith((_, _) -> CompletableFuture.completedFuture(new Epoch(9)));
    DriverException later =
        catchThrowableOfType(DriverException.class, () -> relinquish(client, A, PATIENCE));
    assertThat(later.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(later).hasMessageContaining("under epoch 9, after epoch 8");
  }

  @Test
  void aProbeTellsWhatThePeerSeesAndHowFarItsClockIs() throws DriverException {
    control.publish(
        new ClusterScript().cell(ClusterScript.A, Phase.SERVING, 7).claimed(7).status());
    PeerAnswer answer = client.probe(A, address(), PATIENCE);
    assertThat(answer.report().connected()).isTrue();
    assertThat(answer.report().instance()).isPresent();
    assertThat(answer.report().sight(ClusterScript.LIVE))
        .contains(new GatewaySight(ClusterScript.LIVE, Optional.of(A), new Epoch(7), new Epoch(7)));
    assertThat(answer.clockOffset().abs()).isLessThan(PATIENCE);
    assertThat(answer.roundTrip()).isBetween(Duration.ZERO, PATIENCE);
  }

  @Test
  void probesGoOnOverANewConnectionAfterThePeerWasRestarted() throws DriverException {
    PeerAnswer _ = client.probe(A, address(), PATIENCE);
    int port = server.addresses().getFirst().getPort();
    server.close();
    DriverException gone =
        catchThrowableOfType(
            DriverException.class, () -> client.probe(A, "127.0.0.1:" + port, PATIENCE));
    assertThat(gone.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    server = startServer(port);
    assertThat(client.probe(A, "127.0.0.1:" + port, PATIENCE).report().version())
        .isEqualTo("0.1.0");
  }

  @Test
  void aNodeThatIsProbedUnderAnotherNameIsNotBelieved() {
    DriverException other =
        catchThrowableOfType(
            DriverException.class, () -> client.probe(new NodeId("c"), address(), PATIENCE));
    assertThat(other).isNotNull();
  }

  @Test
  void warmingUpHarmsNobodyWhetherOrNotSomebodyAnswers() throws DriverException {
    try (GrpcPeerClient own = client("a", "node")) {
      own.warmUp(address(), PATIENCE);
      own.warmUp("127.0.0.1:1", PATIENCE);
    }
    assertThat(control.relinquished()).isEmpty();
  }

  @Test
  void aPeerThatKnowsAHigherEpochRefusesForGood() {
    control.relinquishWith((_, _) ->
        CompletableFuture.failedFuture(DriverException.permanentError("epoch 9 is known here")));
    DriverException refused =
        catchThrowableOfType(DriverException.class, () -> relinquish(client, A, PATIENCE));
    assertThat(refused.kind()).isEqualTo(DriverException.Kind.PERMANENT);
    assertThat(refused).hasMessageContaining("epoch 9 is known here");
  }

  @Test
  void aPeerThatDoesNotConfirmInTimeIsATransientError() {
    control.relinquishWith((_, _) -> new CompletableFuture<>());
    DriverException late =
        catchThrowableOfType(
            DriverException.class, () -> relinquish(client, A, Duration.ofMillis(500)));
    assertThat(late.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(late).hasMessageContaining("did not confirm in time");
  }

  @Test
  void aMachineWithTheCertificateOfAnotherNodeIsNotSpokenTo() {
    DriverException wrong =
        catchThrowableOfType(
            DriverException.class, () -> relinquish(client, new NodeId("c"), PATIENCE));
    assertThat(wrong).hasMessageContaining("Node c at " + address());
    assertThat(control.relinquished()).isEmpty();
  }

  @Test
  void anOperatorsCertificateDoesNotSpeakForANode() throws DriverException {
    try (GrpcPeerClient operator = client("b", "operator")) {
      DriverException denied =
          catchThrowableOfType(DriverException.class, () -> relinquish(operator, A, PATIENCE));
      assertThat(denied.kind()).isEqualTo(DriverException.Kind.PERMANENT);
      assertThat(denied).hasMessageContaining("needs the role node");
    }
  }

  @Test
  void aRevokedNodeIsRefused() throws DriverException {
    PemFiles files = authority.issue("c", "node");
    revoked.set(ImmutableSet.of(files.serial()));
    try (GrpcPeerClient node =
        GrpcPeerClient.create(new NodeId("c"), files.material(), ImmutableSet::of)) {
      DriverException denied =
          catchThrowableOfType(DriverException.class, () -> relinquish(node, A, PATIENCE));
      assertThat(denied.kind()).isEqualTo(DriverException.Kind.PERMANENT);
      assertThat(denied).hasMessageContaining("is revoked");
      assertThat(control.relinquished()).isEmpty();
    }
  }

  @Test
  void theWordOfAPeerWhoseCertificateIsRevokedIsNotBelieved() throws Exception {
    AtomicReference<ImmutableSet<BigInteger>> known = new AtomicReference<>(ImmutableSet.of());
    try (GrpcPeerClient doubting =
        GrpcPeerClient.create(
            new NodeId("b"), authority.issue("b", "node").material(), known::get)) {
      relinquish(doubting, A, PATIENCE);
      known.set(ImmutableSet.of(serverSerial));

      DriverException refused =
          catchThrowableOfType(DriverException.class, () -> relinquish(doubting, A, PATIENCE));
      assertThat(refused.kind()).isEqualTo(DriverException.Kind.PERMANENT);
      assertThat(refused).hasMessageContaining("its certificate is revoked");
    }
  }

  @Test
  void aPeerThatIsGoneFailsAtOnceAndIsFoundWhenItComesBack() throws DriverException {
    relinquish(client, A, PATIENCE);
    int port = server.addresses().getFirst().getPort();
    server.close();
    String address = "127.0.0.1:" + port;
    long begin = System.nanoTime();
    DriverException gone =
        catchThrowableOfType(
            DriverException.class, () -> client.relinquish(A, address, LIVE, EPOCH, PATIENCE));
    assertThat(gone.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    server = startServer(port);
    assertThatCode(() -> client.relinquish(A, address, LIVE, EPOCH, PATIENCE))
        .doesNotThrowAnyException();
  }

  @Test
  void theNextCallUsesTheFilesThatWereReplaced() throws Exception {
    TestAuthority next = new TestAuthority(directory, "next-authority");
    PemFiles files = authority.issue("c", "node").copiedTo(directory.resolve("c"));
    Reloaded<TlsMaterial> material = files.material();
    try (GrpcPeerClient replaced =
        GrpcPeerClient.create(new NodeId("c"), material, ImmutableSet::of)) {
      relinquish(replaced, A, PATIENCE);

      PemFiles unknown = next.issue("c", "node");
      files.replacedBy(unknown);
      material.look(Instant.now());
      material.look(Instant.now());

      assertThat(
              catchThrowableOfType(DriverException.class, () -> relinquish(replaced, A, PATIENCE)))
          .as("the server does not know the new authority")
          .hasMessageContaining("cannot be reached");
      files.replacedBy(authority.issue("c", "node"));
      material.look(Instant.now());
      material.look(Instant.now());
      relinquish(replaced, A, PATIENCE);
    }
  }

  @Test
  void aPortWhereNobodyAnswersEndsByTheTimeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DriverException late =
          catchThrowableOfType(
              DriverException.class,
              () ->
                  client.relinquish(
                      A,
                      "127.0.0.1:" + silent.getLocalPort(),
                      LIVE,
                      EPOCH,
                      Duration.ofMillis(500)));
      assertThat(late.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    }
  }
}
