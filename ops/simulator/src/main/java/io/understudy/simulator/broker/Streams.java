package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.http.Answer;
import io.understudy.simulator.http.HttpRequest;
import io.understudy.simulator.http.WebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The WebSocket connections of the Web API.
 *
 * <p>On connect the client gets {@code system}, {@code act} and {@code sts}; then a heartbeat every
 * ten seconds, and {@code sts} whenever its brokerage session changes. Messages wait in a bounded
 * queue for each connection; a client that does not read loses the connection. Safe for threads.
 */
final class Streams {
  private static final int QUEUE_MAX = 1_000;
  private static final long HEARTBEAT_SECONDS = 10;

  private static final class Stream {
    private final BlockingQueue<String> outgoing = new ArrayBlockingQueue<>(QUEUE_MAX);
    private volatile boolean closed;

    void send(JsonNode message) {
      if (!outgoing.offer(message.toString())) {
        closed = true;
      }
    }
  }

  /** What a connection needs of the broker; each method takes the broker's lock itself. */
  interface Source {
    /** The messages after connecting. */
    JsonNode greetings(SsoSession session);

    /** All orders of the user, whatever session they were placed in. */
    JsonNode allOrders(SsoSession session);

    boolean silent();
  }

  private final Clock clock;
  private final Source source;
  private final Map<SsoSession, Set<Stream>> streams = new ConcurrentHashMap<>();

  Streams(Clock clock, Source source) {
    this.clock = clock;
    this.source = source;
  }

  Answer accept(HttpRequest request, SsoSession session) {
    return new Answer.TakeOver(WebSocket.accept(request), (in, out) -> serve(session, in, out));
  }

  /** Tells the clients of that login how its brokerage session stands now. */
  void brokerageChanged(SsoSession session, ObjectNode status) {
    ObjectNode message = Json.object().put("topic", "sts");
    ObjectNode arguments = message.putObject("args");
    arguments.set("authenticated", status.get("authenticated"));
    arguments.set("competing", status.get("competing"));
    streams.getOrDefault(session, Set.of()).forEach(stream -> stream.send(message));
  }

  private void serve(SsoSession session, InputStream in, OutputStream out) throws IOException {
    WebSocket socket = WebSocket.server(in, out);
    Stream stream = new Stream();
    Function<SsoSession, Set<Stream>> empty = _ -> ConcurrentHashMap.newKeySet();
    streams.computeIfAbsent(session, empty).add(stream);
    Thread writer =
        Thread.ofVirtual().name("stream-writer").start(() -> write(stream, socket, out));
    try {
      source.greetings(session).forEach(stream::send);
      for (var message = socket.read();
          message.isPresent() && !stream.closed;
          message = socket.read()) {
        receive(session, stream, message.get());
      }
    } finally {
      stream.closed = true;
      writer.interrupt();
      streams.getOrDefault(session, Set.of()).remove(stream);
    }
  }

  private void receive(SsoSession session, Stream stream, String message) {
    if (message.startsWith("sor+")) {
      ObjectNode answer = Json.object().put("topic", "sor");
      answer.set("args", source.allOrders(session));
      stream.send(answer);
    }
  }

  private void write(Stream stream, WebSocket socket, OutputStream out) {
    try (out) {
      while (!stream.closed) {
        String message = stream.outgoing.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
        if (source.silent()) {
          continue;
        }
        socket.writeText(message == null ? heartbeat() : message);
      }
    } catch (IOException e) {
      stream.closed = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String heartbeat() {
    return Json.object().put("topic", "system").put("hb", clock.millis()).toString();
  }
}
