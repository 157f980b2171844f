package io.understudy.simulator.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.understudy.simulator.broker.Broker;
import io.understudy.simulator.http.Headers;
import io.understudy.simulator.http.HttpCaller;
import io.understudy.simulator.http.HttpResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;

/**
 * A broker and as many stand-ins as a test wants, in this process, with a clock that stands still.
 */
final class World implements AutoCloseable {
  static final String USER = "ana";
  static final String PASSWORD = "correct horse";
  static final String ACCOUNT = "U1234567";
  private static final byte[] SECRET = "12345678901234567890".getBytes(UTF_8);
  private static final String SECRET_TEXT = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();

  private final SteppedClock clock = new SteppedClock();
  private final StringWriter journal = new StringWriter();
  private final Broker broker;
  private final Path folder;
  private final Deque<Gateway> open = new ArrayDeque<>();

  World(Path folder) throws IOException {
    this.folder = folder;
    JsonNode users =
        MAPPER.readTree(
            """
            {"users": [{
              "name": "ana", "password": "correct horse", "accounts": ["U1234567"],
              "secondFactor": {"kind": "totp", "secret": "%s"},
              "positions": {"U1234567": [
                {"conid": 265598, "ticker": "AAPL", "position": "100", "mktPrice": "200.5"}]},
              "orders": [{"orderId": 1, "ticker": "AAPL", "status": "Submitted"}]
            }]}
            """
                .formatted(SECRET_TEXT));
    broker =
        Broker.start(
            new Broker.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                users,
                Optional.of(journal),
                Duration.ofSeconds(2),
                3,
                clock));
  }

  /** Moves only when told. */
  private static final class SteppedClock extends Clock {
    private volatile Instant now = Instant.parse("2026-01-05T12:00:01Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  void pass(Duration time) {
    clock.now = clock.now.plus(time);
  }

  Instant now() {
    return clock.now;
  }

  Broker broker() {
    return broker;
  }

  URI brokerAddress() {
    return URI.create("http://127.0.0.1:" + broker.port());
  }

  /** A stand-in of that name which tickles by itself in the interval given. */
  Gateway gateway(String name, Duration tickle) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    GatewayConfig config =
        new GatewayConfig(
            0,
            false,
            home.resolve("none"),
            "",
            brokerAddress(),
            "US",
            Duration.ofMillis(20),
            Duration.ofMinutes(5),
            "https://localhost",
            Optional.empty());
    GatewayOptions options =
        new GatewayOptions(name, tickle, Duration.ofMillis(50), Optional.empty(), Optional.empty());
    Gateway gateway = new Gateway(GatewayProgram.start(home, config, options));
    open.push(gateway);
    until(() -> gateways().contains(name));
    return gateway;
  }

  Gateway gateway(String name) throws IOException {
    return gateway(name, Duration.ofMinutes(1));
  }

  String code() {
    return code(now());
  }

  static String code(Instant at) {
    try {
      return new TimeBasedOneTimePasswordGenerator(Duration.ofSeconds(30))
          .generateOneTimePasswordString(new SecretKeySpec(SECRET, "HmacSHA1"), at);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode control(String method, String path, String json) {
    return body(request(brokerAddress(), method, "/simulator/" + path, json));
  }

  JsonNode report() {
    return broker.report();
  }

  /** How often the source called the path by itself. */
  long ownCalls(String source, String path) {
    return journal
        .toString()
        .lines()
        .map(World::read)
        .filter(line -> line.path("byItself").asBoolean())
        .filter(line -> line.path("source").asText().equals(source))
        .filter(line -> line.path("path").asText().equals(path))
        .count();
  }

  private List<String> gateways() {
    return control("GET", "gateways", "").valueStream().map(JsonNode::asText).toList();
  }

  void assertNoViolation() {
    assertThat(report().path("violationList")).isEmpty();
  }

  static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  static HttpResponse request(URI server, String method, String target, String body) {
    Headers headers = new Headers();
    headers.set("Content-Type", "application/json");
    headers.set("User-Agent", "test");
    try {
      return new HttpCaller(server, Optional.of(PATIENCE))
          .call(method, target, headers, body.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(method + " " + target + " was not answered", e);
    }
  }

  static JsonNode body(HttpResponse response) {
    return read(response.text());
  }

  static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().close();
    }
    broker.close();
  }

  /** A client of one stand-in: the browser and the driver in one. */
  final class Gateway {
    private final GatewayProgram program;

    Gateway(GatewayProgram program) {
      this.program = program;
    }

    URI address() {
      return URI.create("http://127.0.0.1:" + program.port());
    }

    HttpResponse get(String target) {
      return request(address(), "GET", target, "");
    }

    HttpResponse post(String target, String json) {
      return request(address(), "POST", target, json);
    }

    JsonNode authenticator(Map<String, String> fields) {
      return body(form("/sso/Authenticator", fields));
    }

    HttpResponse form(String target, Map<String, String> fields) {
      String text =
          fields.entrySet().stream()
              .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8))
              .collect(Collectors.joining("&"));
      return post(target, text);
    }

    JsonNode submitCredentials(String password) {
      return authenticator(
          Map.of("ACTION", "LOGIN", "user", USER, "password", password, "paper", "false"));
    }

    JsonNode submitCode(String loginId, String code) {
      return authenticator(Map.of("ACTION", "CODE", "loginId", loginId, "code", code));
    }

    /** Logs in as the page does and waits until the gateway opened the brokerage session. */
    void logIn() {
      String loginId = submitCredentials(PASSWORD).path("loginId").asText();
      assertThat(submitCode(loginId, code()).path("state").asText()).isEqualTo("finished");
      HttpResponse done = form("/sso/Dispatcher", Map.of("loginId", loginId));
      assertThat(done.text()).isEqualTo("Client login succeeds");
      until(() -> status().path("authenticated").asBoolean());
    }

    JsonNode status() {
      return body(get("/v1/api/iserver/auth/status"));
    }

    void close() {
      program.close();
    }
  }
}
