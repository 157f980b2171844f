package io.understudy.node.http;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.loop.LoopPulse;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.metrics.NodeMetrics;
import io.understudy.node.metrics.ScrapeFormat;
import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /livez}, {@code /readyz}, {@code /health}, {@code /leader}, {@code
 * /leader/<gateway>} and {@code /metrics} on the configured addresses, and on no other.
 *
 * <p>Threads: one selector per address, handlers on virtual threads that only read the published
 * status. Started and closed by the daemon.
 */
public final class HttpEndpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);
  private static final int REQUESTS_MAX = 32;
  private static final int BACKLOG = 64;
  private static final int URI_MAX = 256;

  static {
    // The JDK's server has its limits only as system properties, read when it is first used.
    limit("sun.net.httpserver.maxReqTime", "5");
    limit("sun.net.httpserver.maxRspTime", "10");
    limit("sun.net.httpserver.idleInterval", "30");
    limit("sun.net.httpserver.maxReqHeaders", "50");
    limit("jdk.httpserver.maxConnections", "128");
  }

  private final NodeControl control;
  private final NodeMetrics metrics;
  private final LoopPulse pulse;
  private final Semaphore free = new Semaphore(REQUESTS_MAX);
  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService handlers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());

  private HttpEndpoints(NodeControl control, NodeMetrics metrics, LoopPulse pulse) {
    this.control = control;
    this.metrics = metrics;
    this.pulse = pulse;
  }

  private static void limit(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Listens on all addresses (port 0 picks a free one), or throws one clear sentence. */
  public static HttpEndpoints start(
      ImmutableList<InetSocketAddress> addresses,
      NodeControl control,
      NodeMetrics metrics,
      LoopPulse pulse)
      throws DriverException {
    HttpEndpoints endpoints = new HttpEndpoints(control, metrics, pulse);
    for (InetSocketAddress address : addresses) {
      try {
        endpoints.listen(address);
      } catch (IOException e) {
        endpoints.close();
        throw DriverException.permanentError(
            "The HTTP endpoints cannot listen on %s:%d: %s (is the port in use, and does the"
                    .formatted(address.getHostString(), address.getPort(), e.getMessage())
                + " address belong to this host?)",
            e);
      }
    }
    return endpoints;
  }

  private void listen(InetSocketAddress address) throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    server.createContext("/", this::handle);
    server.setExecutor(handlers);
    server.start();
    servers.add(server);
    LOG.info(
        "Started the HTTP endpoints address={}:{}",
        server.getAddress().getHostString(),
        server.getAddress().getPort());
  }

  /** Where they listen, with the ports that were picked. */
  public ImmutableList<InetSocketAddress> addresses() {
    return servers.stream().map(HttpServer::getAddress).collect(ImmutableList.toImmutableList());
  }

  /** Stops at once. */
  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    handlers.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!free.tryAcquire()) {
        send(exchange, Answer.text(503, "too many requests at once"));
        return;
      }
      try {
        send(exchange, answer(exchange));
      } finally {
        free.release();
      }
    }
  }

  private Answer answer(HttpExchange exchange) {
    String method = exchange.getRequestMethod();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return Answer.methodNotAllowed();
    }
    if (exchange.getRequestURI().toString().length() > URI_MAX) {
      return Answer.text(414, "the address is too long");
    }
    try {
      String path = exchange.getRequestURI().getPath();
      return path.equals("/metrics")
          ? scrape(exchange)
          : page(path, exchange.getRequestURI().getQuery());
    } catch (RuntimeException e) {
      LOG.error("Failed an HTTP request by a bug path={}", exchange.getRequestURI().getPath(), e);
      return Answer.text(500, "internal error: the log of the node has the details");
    }
  }

  private Answer scrape(HttpExchange exchange) {
    ScrapeFormat format =
        ScrapeFormat.accepted(
            String.join(",", exchange.getRequestHeaders().getOrDefault("Accept", List.of())));
    return new Answer(200, format.contentType(), metrics.scrape(format), Optional.empty());
  }

  private Answer page(String path, @Nullable String query) {
    NodeStatus status = control.status();
    boolean lives = pulse.beats(status, new MonotonicTime(System.nanoTime()));
    return switch (path) {
      case "/livez" -> StatusPages.live(lives);
      case "/readyz" -> StatusPages.ready(status, lives);
      case "/health" -> StatusPages.health(status, lives);
      case "/leader" -> StatusPages.leader(status, lives, gateway(query));
      default ->
          path.startsWith("/leader/")
              ? StatusPages.leader(status, lives, Optional.of(path.substring("/leader/".length())))
              : Answer.text(
                  404, "known: /livez /readyz /health /leader /leader/<gateway> /metrics");
    };
  }

  private static Optional<String> gateway(@Nullable String query) {
    if (query == null) {
      return Optional.empty();
    }
    return Splitter.on('&')
        .splitToStream(query)
        .filter(pair -> pair.startsWith("gateway="))
        .map(pair -> pair.substring("gateway=".length()))
        .findFirst();
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    answer.allow().ifPresent(allow -> exchange.getResponseHeaders().set("Allow", allow));
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), body.length);
    try (OutputStream stream = exchange.getResponseBody()) {
      stream.write(body);
    }
  }
}
