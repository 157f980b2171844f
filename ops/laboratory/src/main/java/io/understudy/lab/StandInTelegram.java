package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands in for Telegram's API on loopback: takes messages of one bot to one chat and keeps them;
 * what is addressed to another bot it refuses, as the real one does. It also hears the dead-man's
 * switch. Thread-safe.
 */
final class StandInTelegram implements AutoCloseable {
  static final String TOKEN = "4711:stand-in";
  static final long CHAT = -1001;

  private static final String SEND = "/bot" + TOKEN + "/sendMessage";
  private static final String HEARTBEAT = "/heartbeat";

  private final HttpServer server;
  private final CopyOnWriteArrayList<String> messages = new CopyOnWriteArrayList<>();
  private final AtomicInteger heartbeats = new AtomicInteger();

  private StandInTelegram(HttpServer server) {
    this.server = server;
  }

  static StandInTelegram start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      StandInTelegram telegram = new StandInTelegram(server);
      server.createContext("/", telegram::answer);
      server.start();
      return telegram;
    } catch (IOException e) {
      throw new LabException("Cannot start the stand-in of Telegram: " + e.getMessage(), e);
    }
  }

  /** What Alertmanager takes as the address of Telegram's API. */
  String api() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  String heartbeat() {
    return api() + HEARTBEAT;
  }

  int heartbeats() {
    return heartbeats.get();
  }

  /** The texts, in the order in which they came. */
  ImmutableList<String> messages() {
    return ImmutableList.copyOf(messages);
  }

  /** How many messages have all of these words. */
  long count(String... words) {
    return messages.stream().filter(having(words)).count();
  }

  /** Waits for a message with all of these words. */
  String await(Duration limit, String... words) {
    if (!Waiting.until(limit, () -> count(words) > 0)) {
      throw new LabException(
          "No message with %s came within %d s; there were %s"
              .formatted(String.join(", ", words), limit.toSeconds(), messages));
    }
    return messages.stream().filter(having(words)).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static Predicate<String> having(String... words) {
    return message -> ImmutableList.copyOf(words).stream().allMatch(message::contains);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      if (path.equals(HEARTBEAT)) {
        heartbeats.incrementAndGet();
        answer(exchange, 200, "");
      } else if (path.equals(SEND)) {
        take(exchange, new JsonMapper().readTree(body));
      } else {
        answer(exchange, 401, "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}");
      }
    }
  }

  private void take(HttpExchange exchange, JsonNode message) throws IOException {
    if (message.path("chat_id").asLong() != CHAT) {
      answer(exchange, 400, "{\"ok\":false,\"error_code\":400,\"description\":\"chat not found\"}");
      return;
    }
    messages.add(message.path("text").asText());
    answer(
        exchange,
        200,
        "{\"ok\":true,\"result\":{\"message_id\":%d,\"date\":1,\"chat\":{\"id\":%d,\"type\":\"group\"}}}"
            .formatted(messages.size(), CHAT));
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }
}
