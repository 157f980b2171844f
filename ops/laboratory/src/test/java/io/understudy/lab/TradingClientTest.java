package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TradingClientTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  void answersAreTimedAndGoOnAfterTheServerWasAway() throws Exception {
    int port = new Ports().next();
    HttpsServer server = serve(port, 200);
    try (TradingClient client =
        TradingClient.start(Host.loopback("a"), port, AnyCertificate.socketFactory(), "U1")) {
      long started = System.nanoTime();
      assertThat(Waiting.until(LIMIT, () -> client.answered() >= 3)).isTrue();
      server.stop(0);
      long away = System.nanoTime();
      assertThat(client.lastBefore(away).orElseThrow()).isBetween(started - 1, away);
      assertThat(client.lastBefore(started - LIMIT.toNanos())).isEmpty();

      server = serve(port, 200);

      assertThat(Waiting.until(LIMIT, () -> client.firstAfter(away).isPresent())).isTrue();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRefusalIsNoAnswer() throws Exception {
    int port = new Ports().next();
    HttpsServer server = serve(port, 401);
    try (TradingClient client =
        TradingClient.start(Host.loopback("a"), port, AnyCertificate.socketFactory(), "U1")) {
      Waiting.pause(Duration.ofMillis(500));

      assertThat(client.answered()).isZero();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aResponseInChunksIsReadToItsEnd() throws Exception {
    int port = new Ports().next();
    HttpsServer server = serve(port, 200, 0);
    try (TradingClient client =
        TradingClient.start(Host.loopback("a"), port, AnyCertificate.socketFactory(), "U1")) {
      assertThat(Waiting.until(LIMIT, () -> client.answered() >= 3)).isTrue();
    } finally {
      server.stop(0);
    }
  }

  private HttpsServer serve(int port, int status) throws IOException {
    return serve(port, status, 2);
  }

  /** With a length of 0 the JDK's server answers in chunks. */
  private HttpsServer serve(int port, int status, int length) throws IOException {
    Identity identity =
        Pki.create("lab")
            .issue(directory, "gateway", Pki.Role.NODE, Pki.Validity.lasting(Duration.ofDays(1)));
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity.sslContext()));
    server.createContext(
        "/v1/api/iserver/accounts",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status, length);
          exchange.getResponseBody().write(new byte[] {'{', '}'});
          exchange.close();
        });
    server.start();
    return server;
  }
}
