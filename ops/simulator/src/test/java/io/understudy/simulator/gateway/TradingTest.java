package io.understudy.simulator.gateway;

import static io.understudy.simulator.gateway.World.ACCOUNT;
import static io.understudy.simulator.gateway.World.USER;
import static io.understudy.simulator.gateway.World.body;
import static io.understudy.simulator.gateway.World.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.simulator.http.HttpResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TradingTest {
  private static final String ORDERS = "/v1/api/iserver/account/" + ACCOUNT + "/orders";
  private static final String ORDER =
      "{\"orders\": [{\"conid\": 265598, \"orderType\": \"LMT\", \"side\": \"BUY\", \"tif\": \"GTC\","
          + " \"quantity\": 5, \"price\": 190, \"cOID\": \"own-1\"}]}";

  private World world;
  private World.Gateway gateway;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    world = new World(folder);
    gateway = world.gateway("a");
    gateway.logIn();
    gateway.get("/v1/api/iserver/accounts");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void anOrderIsAcceptedOnceForEachOwnId() {
    assertThat(body(gateway.post(ORDERS, ORDER)).at("/0/order_status").asText())
        .isEqualTo("Submitted");
    assertThat(gateway.post(ORDERS, ORDER).text()).contains("own-1 is already registered");
  }

  @Test
  void anOrderOfAnotherSessionIsMissingInTheListButNotInTheStream() throws Exception {
    gateway.post(ORDERS, ORDER);
    gateway.get("/v1/api/iserver/account/orders");
    assertThat(body(gateway.get("/v1/api/iserver/account/orders")).path("orders")).hasSize(2);
    gateway.post("/v1/api/logout", "");
    gateway.get("/clear");
    world.pass(Duration.ofSeconds(30));
    World.Gateway other = world.gateway("b");
    other.logIn();
    until(() -> other.get("/v1/api/iserver/account/orders").status() == 200);

    assertThat(body(other.get("/v1/api/iserver/account/orders")).path("orders")).hasSize(1);
    try (Stream stream = new Stream(other.address())) {
      stream.send("sor+{\"days\":7}");
      until(() -> stream.messages("sor").size() == 1);
      assertThat(stream.messages("sor").getFirst().path("args")).hasSize(2);
    }
  }

  @Test
  void aQuestionMustBeAnsweredBeforeAnotherOrder() {
    world.control("POST", "faults", "{\"kind\": \"order-question\"}");
    String id = body(gateway.post(ORDERS, ORDER)).at("/0/id").asText();

    assertThat(gateway.post("/v1/api/iserver/reply/" + id, "{\"confirmed\": \"true\"}").status())
        .isEqualTo(500);
    JsonNode accepted = body(gateway.post("/v1/api/iserver/reply/" + id, "{\"confirmed\": true}"));
    assertThat(accepted.at("/0/order_status").asText()).isEqualTo("Submitted");

    String second = ORDER.replace("own-1", "own-2");
    gateway.post(ORDERS, second);
    assertThat(gateway.post(ORDERS, second).status()).isEqualTo(503);

    gateway.post("/v1/api/iserver/questions/suppress", "{\"messageIds\": [\"o163\"]}");
    assertThat(body(gateway.post(ORDERS, second)).at("/0/order_status").asText())
        .isEqualTo("Submitted");
  }

  @Test
  void anAccountIsWorthItsCashAndItsPositions() {
    world.control("POST", "users/" + USER, "{\"cash\": {\"" + ACCOUNT + "\": \"25000.50\"}}");
    world.control(
        "POST",
        "positions/" + USER + "/" + ACCOUNT,
        "[{\"conid\": 1, \"position\": \"10\", \"mktPrice\": \"200\"},"
            + " {\"conid\": 2, \"position\": \"-5\", \"mktPrice\": \"100\"}]");

    JsonNode summary = body(gateway.get("/v1/api/portfolio/" + ACCOUNT + "/summary"));
    assertThat(summary.at("/netliquidation/amount").asDouble()).isEqualTo(26_500.5);
    assertThat(summary.at("/netliquidation/currency").asText()).isEqualTo("USD");
    assertThat(summary.at("/grosspositionvalue/amount").asDouble()).isEqualTo(2_500);
    assertThat(summary.at("/totalcashvalue/amount").asDouble()).isEqualTo(25_000.5);
  }

  @Test
  void aCancelledOrderIsGone() {
    String id = body(gateway.post(ORDERS, ORDER)).at("/0/order_id").asText();
    String path = "/v1/api/iserver/account/" + ACCOUNT + "/order/" + id;
    assertThat(gateway.get("/v1/api/iserver/account/order/status/" + id).status()).isEqualTo(200);

    HttpResponse cancelled = World.request(gateway.address(), "DELETE", path, "");

    assertThat(body(cancelled).path("msg").asText()).isEqualTo("Request was submitted");
    assertThat(World.request(gateway.address(), "DELETE", path, "").text())
        .contains("OrderID " + id + " doesn't exist");
    assertThat(gateway.get("/v1/api/iserver/account/order/status/" + id).status()).isEqualTo(503);
  }

  @Test
  void theStreamTellsOfADisplacementInBinaryFrames() throws Exception {
    try (Stream stream = new Stream(gateway.address())) {
      until(() -> stream.messages("sts").size() == 1);
      assertThat(stream.messages("system").getFirst().path("success").asText()).isEqualTo(USER);
      assertThat(stream.messages("sts").getFirst().at("/args/authenticated").asBoolean()).isTrue();

      world.control("POST", "third-party-login/" + USER, "");

      until(() -> stream.messages("sts").size() == 2);
      JsonNode displaced = stream.messages("sts").getLast().path("args");
      assertThat(displaced.path("authenticated").asBoolean()).isFalse();
      assertThat(displaced.path("competing").asBoolean()).isTrue();
      assertThat(stream.textFrames).isEmpty();
    }
  }

  @Test
  void withoutALoginTheStreamOpensAndIsSilent() throws Exception {
    gateway.get("/clear");

    try (Stream stream = new Stream(gateway.address())) {
      stream.send("tic");
      assertThat(stream.received).isEmpty();
    }
  }

  /** A client of the WebSocket; the JDK's, so that ours is checked against another one. */
  private static final class Stream implements WebSocket.Listener, AutoCloseable {
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final List<String> textFrames = new CopyOnWriteArrayList<>();
    private final StringBuilder partial = new StringBuilder();
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;

    Stream(URI server) throws Exception {
      URI address = URI.create("ws://" + server.getAuthority() + "/v1/api/ws");
      socket = client.newWebSocketBuilder().buildAsync(address, this).get(10, TimeUnit.SECONDS);
    }

    void send(String text) throws Exception {
      var _ = socket.sendText(text, true).get(10, TimeUnit.SECONDS);
    }

    List<JsonNode> messages(String topic) {
      return received.stream()
          .map(World::read)
          .filter(message -> message.path("topic").asText().equals(topic))
          .toList();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      textFrames.add(data.toString());
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      partial.append(UTF_8.decode(data));
      if (last) {
        received.add(partial.toString());
        partial.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public void close() {
      socket.abort();
      client.shutdownNow();
    }
  }
}
