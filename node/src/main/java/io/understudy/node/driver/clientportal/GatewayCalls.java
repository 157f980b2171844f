package io.understudy.node.driver.clientportal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * The gateway's REST interface. Each call has a deadline of its own that covers everything from the
 * connection to the last byte, because the gateway never answers while IBKR is away. Any thread.
 */
final class GatewayCalls implements AutoCloseable {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();
  private static final long BODY_BYTES_MAX = 8L << 20;

  private final HttpClient client;
  private final String base;

  GatewayCalls(GatewayCertificate certificate, int port) {
    this.client =
        HttpClient.newBuilder()
            .sslContext(certificate.clientContext())
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.base = "https://127.0.0.1:" + port;
  }

  Reply get(String path, Duration timeout) {
    return send(request(path).GET().build(), timeout);
  }

  Reply post(String path, Duration timeout) {
    return send(request(path).POST(BodyPublishers.noBody()).build(), timeout);
  }

  Reply post(String path, String json, Duration timeout) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build(),
        timeout);
  }

  /** Cuts short every call under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).header("User-Agent", "understudyd");
  }

  private Reply send(HttpRequest request, Duration timeout) {
    CompletableFuture<HttpResponse<String>> call =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), BODY_BYTES_MAX));
    try {
      return answered(call.get(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS));
    } catch (TimeoutException _) {
      return new Reply.Failed(
          Reply.Failure.TIMEOUT, "no answer within " + timeout.toMillis() + " ms");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Reply.Failed(Reply.Failure.BROKEN, "interrupted");
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } finally {
      var _ = call.cancel(true);
    }
  }

  private static Reply.Answered answered(HttpResponse<String> response) {
    String text = response.body();
    return new Reply.Answered(
        response.statusCode(),
        parse(text),
        text,
        response.headers().firstValue("Date").flatMap(GatewayCalls::date));
  }

  private static Reply.Failed failed(Throwable cause) {
    return switch (cause) {
      case ConnectException _ -> new Reply.Failed(Reply.Failure.REFUSED, "nobody listens");
      case SSLException _ ->
          new Reply.Failed(Reply.Failure.NOT_OURS, "whoever listens lacks our certificate");
      default -> new Reply.Failed(Reply.Failure.BROKEN, "the connection broke");
    };
  }

  private static JsonNode parse(String text) {
    try {
      JsonNode node = JSON.readTree(text);
      return node == null ? MissingNode.getInstance() : node;
    } catch (JsonProcessingException _) {
      return MissingNode.getInstance();
    }
  }

  private static Optional<Instant> date(String header) {
    try {
      return Optional.of(
          ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
