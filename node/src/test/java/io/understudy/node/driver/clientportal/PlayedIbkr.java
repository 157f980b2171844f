package io.understudy.node.driver.clientportal;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.config.ClientPortalConfig.Browser;
import io.understudy.node.config.ClientPortalConfig.Engine;
import io.understudy.node.config.GatewayConfig.Mode;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Program;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Timings;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Upstream;
import io.understudy.node.spi.Secret;
import io.understudy.simulator.InstallGateway;
import io.understudy.simulator.broker.Broker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.crypto.spec.SecretKeySpec;

/** The simulator's broker in this process, and its gateway program installed in a directory. */
final class PlayedIbkr implements AutoCloseable {
  static final String USER = "ana-surname";
  static final String PASSWORD = "correct horse 4711";
  static final String ACCOUNT = "U7654321";
  private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
  private static final String SECRET_TEXT = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  static final Browser HTMLUNIT = Browser.DEFAULT;
  static final Browser CHROMIUM =
      new Browser(Engine.CHROMIUM, Browser.DEFAULT.binary(), Browser.DEFAULT.driver());

  /** Wide, because getting a fresh code moves the broker's clock. */
  private static final Duration CLOCK_SKEW_MAX = Duration.ofDays(1);

  /** Sets the user's second factor back. */
  static final String SECOND_FACTOR =
      "{\"secondFactor\": {\"kind\": \"totp\", \"secret\": \""
          + SECRET_TEXT
          + "\", \"tolerance\": 1}}";

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final Broker broker;
  private final Path folder;
  private final int gatewayPort;
  private final HttpClient client = HttpClient.newHttpClient();
  private Duration clockOffset = Duration.ZERO;

  private PlayedIbkr(Broker broker, Path folder, int gatewayPort) {
    this.broker = broker;
    this.folder = folder;
    this.gatewayPort = gatewayPort;
  }

  static PlayedIbkr open(Path folder, String... gatewayOptions) throws IOException {
    JsonNode users =
        JSON.readTree(
            """
            {"users": [{
              "name": "%s", "password": "%s", "accounts": ["%s"],
              "secondFactor": {"kind": "totp", "secret": "%s", "tolerance": 1},
              "positions": {"%s": []}, "orders": []
            }]}
            """
                .formatted(USER, PASSWORD, ACCOUNT, SECRET_TEXT, ACCOUNT));
    Broker broker =
        Broker.start(
            new Broker.Settings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                users,
                Optional.empty(),
                Duration.ofSeconds(2),
                100,
                Clock.systemUTC()));
    InstallGateway.install(folder.resolve("program"), List.of(gatewayOptions));
    return new PlayedIbkr(broker, folder, freePort());
  }

  int gatewayPort() {
    return gatewayPort;
  }

  Path stateDirectory() {
    return folder.resolve("state");
  }

  /** As a node would be configured: HtmlUnit, live, TOTP, no artificial waiting. */
  ClientPortalSettings settings() {
    return new ClientPortalSettings(
        new GatewayId("live"),
        stateDirectory(),
        new Program(
            folder.resolve("program"),
            Path.of(System.getProperty("java.home"), "bin", "java"),
            ImmutableList.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")),
        gatewayPort,
        new Upstream("http://127.0.0.1:" + broker.port(), false, Duration.ofMillis(20)),
        Mode.LIVE,
        SecondFactorKind.TOTP,
        CLOCK_SKEW_MAX,
        () -> Secret.of(USER),
        () -> Secret.of(PASSWORD),
        HTMLUNIT,
        ImmutableMap.of(),
        quick());
  }

  /** The settings with one thing changed. */
  ClientPortalDriver driver(UnaryOperator<SettingsChange> change) {
    return new ClientPortalDriver(
        change.apply(new SettingsChange(settings())).settings(), Clock.systemUTC(), new Turns());
  }

  ClientPortalDriver driver() {
    return driver(UnaryOperator.identity());
  }

  /** Short enough for tests, long enough for a busy machine. */
  static Timings quick() {
    return new Timings(
        Duration.ofSeconds(20),
        Duration.ofSeconds(2),
        Duration.ofSeconds(2),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ZERO,
        Duration.ofSeconds(1),
        Duration.ofMillis(1500),
        Duration.ofSeconds(10),
        Duration.ofSeconds(10),
        Duration.ZERO,
        Duration.ofSeconds(8),
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        Duration.ofSeconds(60));
  }

  /**
   * A one-time code that the broker accepts and has not seen: its clock is moved on, since it
   * refuses a step that was used.
   */
  String freshCode() {
    clockOffset = clockOffset.plusSeconds(90);
    try {
      control("POST", "clock", "{\"offset\": \"" + clockOffset.toSeconds() + "s\"}");
      return code(Duration.ZERO);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The next step's code, which the broker accepts early, after moving its clock on. */
  String codeOfTheNextStep() {
    var _ = freshCode();
    return code(Duration.ofSeconds(30));
  }

  private String code(Duration ahead) {
    try {
      return new TimeBasedOneTimePasswordGenerator()
          .generateOneTimePasswordString(
              new SecretKeySpec(SECRET, "RAW"), Instant.now().plus(clockOffset).plus(ahead));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode report() {
    return broker.report();
  }

  /** Adds a fault, e.g. {@code {"kind": "hang"}}. */
  void fault(String json) throws IOException, InterruptedException {
    control("POST", "faults", json);
  }

  void noFaults() throws IOException, InterruptedException {
    control("DELETE", "faults", "");
  }

  void user(String json) throws IOException, InterruptedException {
    control("POST", "users/" + USER, json);
  }

  void positions(String json) throws IOException, InterruptedException {
    control("POST", "positions/" + USER + "/" + ACCOUNT, json);
  }

  void control(String method, String path, String json) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + broker.port() + "/simulator/" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Every text that must never be written or said anywhere but on the page. */
  static ImmutableList<String> secrets() {
    return ImmutableList.of(
        PASSWORD, URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8), "4711", SECRET_TEXT);
  }

  /** Also ends what a test that failed has left running. */
  @Override
  public void close() throws IOException {
    client.close();
    broker.close();
    RunDirectory directory = new RunDirectory(settings());
    for (ProcessHandle left : OwnProcesses.find(directory.base(), directory.pidFile())) {
      left.destroyForcibly();
      left.onExit().join();
    }
    if (Files.exists(stateDirectory())) {
      PrivateFiles.deleteTree(stateDirectory());
    }
  }
}
