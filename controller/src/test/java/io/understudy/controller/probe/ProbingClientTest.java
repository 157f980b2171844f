package io.understudy.controller.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against sockets on loopback. */
final class ProbingClientTest {
  private static final Duration INTERVAL = Duration.ofMillis(10);
  private static final Duration LIMIT = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void anOpenRelayAnswersOverOneConnection() throws Exception {
    try (StandInRelay relay = StandInRelay.plain();
        ProbingClient client = start(relay.relay("a"))) {
      awaitAnswers(client, "a", 5);
      assertThat(relay.requests()).allMatch("GET / HTTP/1.1"::equals);
      // The first one was greeted with TLS.
      assertThat(relay.accepted()).isEqualTo(2);
      assertThat(client.log().answering()).containsExactly("a");
    }
  }

  @Test
  void theGatewaysOwnTlsIsSpokenWhateverItsCertificate() throws Exception {
    try (StandInRelay relay = StandInRelay.secured();
        ProbingClient client = start(relay.relay("a"))) {
      awaitAnswers(client, "a", 3);
      assertThat(relay.requests()).allMatch("GET / HTTP/1.1"::equals);
      assertThat(relay.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aHandOverIsAGapBetweenTheRelaysAndNothingIsDoubled() throws Exception {
    try (StandInRelay former = StandInRelay.plain();
        StandInRelay next = StandInRelay.plain()) {
      next.shut();
      try (ProbingClient client = start(former.relay("a"), next.relay("b"))) {
        awaitAnswers(client, "a", 2);
        former.shut();
        long shut = System.nanoTime();
        assertThat(client.awaitAnswer("a", shut, Duration.ofMillis(100))).isFalse();
        next.open();
        awaitAnswers(client, "b", 2);
        ProbeLog log = client.log();
        assertThat(log.longestGap("a", "b"))
            .hasValueSatisfying(gap -> {
              assertThat(Duration.ofNanos(gap.nanos())).isGreaterThan(Duration.ofMillis(100));
            });
        assertThat(log.doubled()).isZero();
        assertThat(log.answering()).containsExactly("b");
      }
    }
  }

  @Test
  void twoOpenRelaysAreDoubledAnswers() throws Exception {
    try (StandInRelay one = StandInRelay.plain();
        StandInRelay other = StandInRelay.plain();
        ProbingClient client = start(one.relay("a"), other.relay("b"))) {
      awaitAnswers(client, "a", 5);
      awaitAnswers(client, "b", 5);
      assertThat(client.log().doubled()).isPositive();
    }
  }

  @Test
  void aShutRelayIsTriedAgainOneConnectionAtATime() throws Exception {
    try (StandInRelay relay = StandInRelay.plain()) {
      relay.shut();
      try (ProbingClient client = start(relay.relay("a"))) {
        assertThat(client.awaitAnswer("a", System.nanoTime(), Duration.ofMillis(50))).isFalse();
        relay.open();
        awaitAnswers(client, "a", 1);
        assertThat(relay.atOnceMax()).isEqualTo(1);
      }
    }
  }

  @Test
  void aHostThatTakesConnectionsAndSaysNothingCostsOnlyTheLimit() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        StandInRelay relay = StandInRelay.plain();
        ProbingClient client =
            start(new Relay("a", "127.0.0.1", silent.getLocalPort()), relay.relay("b"))) {
      awaitAnswers(client, "b", 20);
      assertThat(client.log().reached("a")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"
      })
  void whateverTheProgramAnswersItWasReached(String response) throws Exception {
    try (StandInRelay relay = StandInRelay.plain()) {
      relay.answersWith(response);
      try (ProbingClient client = start(relay.relay("a"))) {
        awaitAnswers(client, "a", 3);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
      })
  void anErrorOrAnythingElseThanHttpIsNoAnswer(String response) throws Exception {
    try (StandInRelay relay = StandInRelay.plain()) {
      relay.answersWith(response);
      try (ProbingClient client = start(relay.relay("a"))) {
        await(() -> relay.requests().size() >= 3);
        assertThat(client.log().answered()).isZero();
      }
    }
  }

  private static ProbingClient start(Relay... relays) {
    return ProbingClient.start(List.of(relays), INTERVAL, LIMIT);
  }

  private static void awaitAnswers(ProbingClient client, String node, int count)
      throws IOException, InterruptedException {
    for (int i = 0; i < count; i++) {
      assertThat(client.awaitAnswer(node, System.nanoTime(), PATIENCE)).isTrue();
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).isNegative();
      Thread.onSpinWait();
    }
  }
}
