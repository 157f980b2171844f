package io.understudy.node.driver.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.HostAndPort;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class NettyRelayTest {
  private static final GatewayId LIVE = new GatewayId("live");
  private static final Epoch SEVEN = new Epoch(7);
  private static final Epoch EIGHT = new Epoch(8);
  private static final Duration CHECK_SOON = Duration.ofMillis(20);
  private static final Duration CHECK_NEVER = Duration.ofHours(1);
  private static final int CONNECTIONS_MAX = 16;
  private static final int DEADLINE_MILLIS = 10_000;

  /** The epoch that holds the lease; 0 for none. */
  private final AtomicLong entitled = new AtomicLong(SEVEN.number());

  /** Runs once, the next time that the lease is asked for. */
  private final AtomicReference<Runnable> whenAsked = new AtomicReference<>(() -> {});

  private final NettyRelays relays =
      new NettyRelays((gateway, epoch) -> {
        whenAsked.getAndSet(() -> {}).run();
        return entitled.get() == epoch.number();
      });
  private final List<Socket> clients = new ArrayList<>();
  private FakeGateway gateway;
  private HostAndPort listen;
  private NettyRelay relay;

  @BeforeEach
  void relayBeforeAGateway() throws IOException {
    gateway = new FakeGateway();
    listen = HostAndPort.fromParts("127.0.0.1", freePort());
    relay = relay(CHECK_SOON);
  }

  @AfterEach
  void closeAll() throws IOException {
    relay.close();
    relays.close();
    gateway.close();
    for (Socket client : clients) {
      client.close();
    }
  }

  @Test
  void bytesPassBothWaysAndAreCounted() throws Exception {
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();

    client.getOutputStream().write("order".getBytes(UTF_8));
    assertThat(server.getInputStream().readNBytes(5)).asString(UTF_8).isEqualTo("order");
    server.getOutputStream().write("filled".getBytes(UTF_8));
    assertThat(client.getInputStream().readNBytes(6)).asString(UTF_8).isEqualTo("filled");

    eventually(() -> relay.traffic().bytesToClients() == 6);
    assertThat(relay.traffic().bytesToGateway()).isEqualTo(5);
    assertThat(relay.traffic().connections()).isEqualTo(1);
    assertThat(relay.traffic().openConnections()).isEqualTo(1);
  }

  @Test
  void aClientThatFinishedSendingStillGetsItsWholeAnswer() throws Exception {
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();
    byte[] answer = randomBytes(1 << 20);

    client.getOutputStream().write("last request".getBytes(UTF_8));
    client.shutdownOutput();
    assertThat(server.getInputStream().readAllBytes()).asString(UTF_8).isEqualTo("last request");
    CompletableFuture<Void> answering =
        CompletableFuture.runAsync(() -> writeAndClose(server, answer));

    assertThat(client.getInputStream().readAllBytes()).isEqualTo(answer);
    answering.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
    eventually(() -> relay.traffic().openConnections() == 0);
  }

  @Test
  void aBigStreamArrivesWhole() throws Exception {
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();
    byte[] sent = randomBytes(32 << 20);

    CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> writeAndClose(client, sent));
    byte[] received = server.getInputStream().readAllBytes();
    sending.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);

    assertThat(Arrays.equals(received, sent)).isTrue();
  }

  @Test
  void aSlowGatewaySlowsItsClientDownAndLosesNothing() throws Exception {
    relay.open(SEVEN);
    try (SocketChannel client = SocketChannel.open(socketAddress())) {
      Socket server = gateway.nextConnection();
      long sent = writeUntilStuck(client);
      long passed = relay.traffic().bytesToGateway();
      assertThat(passed).isLessThanOrEqualTo(sent);

      client.shutdownOutput();
      assertThat(server.getInputStream().readAllBytes()).hasSize((int) sent);
    }
  }

  @Test
  void connectionsWithoutTrafficAreResetWhenTheLeaseEnds() throws Exception {
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();

    entitled.set(0);

    assertReset(client);
    assertReset(server);
    eventually(() -> relay.traffic().openConnections() == 0);
    eventually(this::refused);
  }

  @Test
  void nothingPassesAfterTheLeaseEndedEvenBeforeTheTimerSeesIt() throws Exception {
    relay = relay(CHECK_NEVER);
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();
    client.getOutputStream().write("before".getBytes(UTF_8));
    assertThat(server.getInputStream().readNBytes(6)).asString(UTF_8).isEqualTo("before");

    entitled.set(0);
    client.getOutputStream().write("after".getBytes(UTF_8));

    assertReset(server);
    assertReset(client);
    assertThat(relay.traffic().bytesToGateway()).isEqualTo(6);
  }

  @Test
  void nothingPassesToClientsAfterTheLeaseEnded() throws Exception {
    relay = relay(CHECK_NEVER);
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();

    entitled.set(0);
    server.getOutputStream().write("after".getBytes(UTF_8));

    assertReset(client);
    assertThat(relay.traffic().bytesToClients()).isZero();
  }

  @Test
  void whatASlowGatewayHasNotTakenYetIsNotWrittenAfterTheLeaseEnded() throws Exception {
    relay = relay(CHECK_NEVER);
    relay.open(SEVEN);
    try (SocketChannel client = SocketChannel.open(socketAddress())) {
      Socket server = gateway.nextConnection();
      long sent = writeUntilStuck(client);
      long passed = relay.traffic().bytesToGateway();

      entitled.set(0);

      assertThat(readUntilReset(server)).isLessThan(sent);
      assertThat(relay.traffic().bytesToGateway()).isEqualTo(passed);
    }
  }

  @Test
  void shuttingResetsEverybodyAndClosesThePort() throws Exception {
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();

    relay.shut();

    assertThat(relay.traffic().openConnections()).isZero();
    assertReset(client);
    assertReset(server);
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    relay.shut();
  }

  @Test
  void nothingPassesOnceShuttingHasReturned() throws Exception {
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> writeAndClose(client, new byte[64 << 20]));
    assertThat(server.getInputStream().readNBytes(1 << 20)).hasSize(1 << 20);

    relay.shut();
    long passed = relay.traffic().bytesToGateway();

    assertThat(readUntilReset(server) + (1 << 20)).isLessThan(64 << 20);
    assertThat(relay.traffic().bytesToGateway()).isEqualTo(passed);
    assertThatThrownBy(() -> sending.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS))
        .hasRootCauseInstanceOf(SocketException.class);
  }

  @Test
  void thePortIsFreeTheMomentShuttingHasReturned() throws Exception {
    for (int i = 0; i < 100; i++) {
      relay.open(SEVEN);
      Socket client = connect();
      relay.shut();
      assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
      assertReset(client);
    }
  }

  @Test
  void shuttingWhileItOpensBeatsTheOpening() {
    whenAsked.set(relay::shut);

    assertThatThrownBy(() -> relay.open(SEVEN))
        .hasMessage("Relay of gateway live: shut while it opened, so it stays shut");
    eventually(this::refused);
  }

  @Test
  void shuttingAfterTheEventLoopHasEndedIsNoError() throws Exception {
    relay.open(SEVEN);
    Socket client = connect();
    relays.close();

    relay.shut();

    assertReset(client);
  }

  @Test
  void openingTwiceUnderOneEpochDisturbsNobody() throws Exception {
    relay.open(SEVEN);
    Socket client = connect();
    Socket server = gateway.nextConnection();

    relay.open(SEVEN);

    client.getOutputStream().write(1);
    assertThat(server.getInputStream().read()).isEqualTo(1);
  }

  @Test
  void aNewEpochResetsTheConnectionsOfTheOldOne() throws Exception {
    relay.open(SEVEN);
    Socket old = connect();
    var _ = gateway.nextConnection();
    entitled.set(EIGHT.number());

    relay.open(EIGHT);

    assertReset(old);
    Socket client = connect();
    client.getOutputStream().write(1);
    assertThat(gateway.nextConnection().getInputStream().read()).isEqualTo(1);
  }

  @Test
  void withoutALeaseItDoesNotOpen() {
    assertThatThrownBy(() -> relay.open(EIGHT))
        .isInstanceOf(DriverException.class)
        .hasMessage("Relay of gateway live: no lease for epoch 8, so it stays shut");
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
  }

  @Test
  void aBusyPortIsNamedAndTriedAgainLater() throws Exception {
    try (ServerSocket _ =
        new ServerSocket(listen.getPort(), 1, InetAddress.getByName(listen.getHost()))) {
      assertThatThrownBy(() -> relay.open(SEVEN))
          .isInstanceOfSatisfying(
              DriverException.class,
              e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.TRANSIENT))
          .hasMessage(
              "Relay of gateway live: port "
                  + listen.getPort()
                  + " is in use by another program (stop it, or change relay.listen)");
    }

    relay.open(SEVEN);

    assertThat(connect().isConnected()).isTrue();
  }

  @Test
  void anAddressOfAnotherMachineIsNamed() {
    listen = HostAndPort.fromParts("192.0.2.1", listen.getPort());
    relay = relay(CHECK_SOON);

    assertThatThrownBy(() -> relay.open(SEVEN))
        .hasMessageContaining("192.0.2.1 is no address of this machine (check relay.listen)");
  }

  @Test
  void whileTheGatewayDoesNotListenClientsAreReset() throws Exception {
    gateway.close();
    relay.open(SEVEN);

    assertConnectionReset();
    eventually(() -> relay.traffic().openConnections() == 0);
  }

  @Test
  void aThousandQuickConnectionsStayWithinTheLimit() throws Exception {
    relay.open(SEVEN);
    int most = 0;
    int reset = 0;
    for (int i = 0; i < 1000; i++) {
      try (Socket client = new Socket()) {
        client.connect(socketAddress(), DEADLINE_MILLIS);
      } catch (SocketException e) {
        reset++;
      }
      most = Math.max(most, relay.traffic().openConnections());
    }
    assertThat(most).isBetween(1, CONNECTIONS_MAX);
    assertThat(reset).isLessThan(1000);
    eventually(() -> {
      gateway.closeAccepted();
      return relay.traffic().openConnections() == 0;
    });

    for (int i = 0; i < CONNECTIONS_MAX; i++) {
      var _ = connect();
    }
    eventually(() -> relay.traffic().openConnections() == CONNECTIONS_MAX);
    assertConnectionReset();
    assertThat(relay.traffic().openConnections()).isEqualTo(CONNECTIONS_MAX);
  }

  @Test
  void aClientThatWentAwayDoesNotHoldItsPlaceForEver() throws Exception {
    relay = relay(new Limits(CONNECTIONS_MAX, CHECK_SOON, Duration.ofMillis(50)));
    relay.open(SEVEN);
    connect().close();
    Socket server = gateway.nextConnection();

    assertThat(server.getInputStream().read()).isEqualTo(-1);
    eventually(() -> relay.traffic().openConnections() == 0);
  }

  private NettyRelay relay(Duration checkInterval) {
    return relay(new Limits(CONNECTIONS_MAX, checkInterval, Duration.ofMinutes(1)));
  }

  private NettyRelay relay(Limits limits) {
    return relays.relay(LIVE, listen, gateway.address(), limits);
  }

  private InetSocketAddress socketAddress() {
    return new InetSocketAddress(listen.getHost(), listen.getPort());
  }

  private Socket connect() throws IOException {
    Socket client = new Socket();
    clients.add(client);
    client.setSoTimeout(DEADLINE_MILLIS);
    client.connect(socketAddress(), DEADLINE_MILLIS);
    return client;
  }

  /** Sends as long as somebody takes it; returns how many bytes were taken. */
  private static long writeUntilStuck(SocketChannel client) throws IOException {
    client.configureBlocking(false);
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    long sent = 0;
    try (Selector selector = Selector.open()) {
      SelectionKey key = client.register(selector, SelectionKey.OP_WRITE);
      while (selector.select(500) > 0) {
        selector.selectedKeys().clear();
        sent += client.write(chunk.clear());
        assertThat(sent).as("bytes taken though nobody reads").isLessThan(256 << 20);
      }
      key.cancel();
    }
    return sent;
  }

  private boolean refused() {
    try {
      connect().close();
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The reset may come so early that connecting itself notices. */
  private void assertConnectionReset() {
    assertThatThrownBy(() -> assertThat(connect().getInputStream().read()).isGreaterThan(1000))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> assertThat(socket.getInputStream().read()).isGreaterThan(1000))
        .isInstanceOf(SocketException.class)
        .hasMessageContaining("reset");
  }

  private static long readUntilReset(Socket socket) {
    byte[] chunk = new byte[1 << 16];
    long received = 0;
    try {
      for (int n = 0; n >= 0; n = socket.getInputStream().read(chunk)) {
        received += n;
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("reset");
    }
    return received;
  }

  private static void writeAndClose(Socket socket, byte[] bytes) {
    try (socket) {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofMillis(DEADLINE_MILLIS).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
