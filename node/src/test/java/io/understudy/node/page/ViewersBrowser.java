package io.understudy.node.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.understudy.node.testing.TestAuthority.PemFiles;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.logging.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.RemoteWebDriver;

/** A real Chromium that trusts one certificate, and can play a phone, the night and a screen. */
final class ViewersBrowser implements AutoCloseable {
  private static final Path BINARY = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process program;
  private final Path profile;
  private final URI sessions;
  private final HttpClient client = HttpClient.newHttpClient();
  final RemoteWebDriver driver;

  private ViewersBrowser(Process program, Path profile, URI address, RemoteWebDriver driver) {
    this.program = program;
    this.profile = profile;
    this.sessions = address.resolve("/session/");
    this.driver = driver;
  }

  static void assumeInstalled() {
    assumeTrue(
        Files.isExecutable(BINARY) && Files.isExecutable(DRIVER),
        "not run: Debian's packages chromium and chromium-driver are not installed");
  }

  static ViewersBrowser start(PemFiles trusted) throws Exception {
    // A short name: Chromium makes a socket below it, whose whole name may have 107 characters.
    Path profile = Files.createTempDirectory("page");
    ProcessBuilder builder = new ProcessBuilder(DRIVER.toString(), "--port=0");
    builder.redirectErrorStream(true);
    builder.environment().put("HOME", profile.toString());
    builder.environment().put("TMPDIR", profile.toString());
    builder.environment().put("TZ", "UTC");
    Process program = builder.start();
    URI address = URI.create("http://127.0.0.1:" + port(program));
    try {
      RemoteWebDriver driver =
          new RemoteWebDriver(
              address.toURL(), options(trusted, profile), /* enableTracing= */ false);
      driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(20));
      return new ViewersBrowser(program, profile, address, driver);
    } catch (RuntimeException e) {
      kill(program);
      throw e;
    }
  }

  private static ChromeOptions options(PemFiles trusted, Path profile) throws Exception {
    byte[] key = trusted.material().current().chain().getFirst().getPublicKey().getEncoded();
    String hash =
        Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable("browser", Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BINARY.toFile());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--window-size=1280,900",
        "--ignore-certificate-errors-spki-list=" + hash,
        "--user-data-dir=" + profile.resolve("data"));
    if (System.getProperty("user.name").equals("root")) {
      options.addArguments("--no-sandbox");
    }
    return options;
  }

  private static int port(Process program) throws IOException {
    BufferedReader reader = program.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        var _ = Thread.ofVirtual().start(() -> reader.lines().forEach(_ -> {}));
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new IOException("the driver program did not tell its port");
  }

  /** Chromium's own protocol, for what WebDriver cannot ask. */
  JsonNode ask(String command, ImmutableMap<String, ?> parameters) {
    try {
      String body = JSON.writeValueAsString(ImmutableMap.of("cmd", command, "params", parameters));
      HttpRequest request =
          HttpRequest.newBuilder(sessions.resolve(driver.getSessionId() + "/goog/cdp/execute"))
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(30))
              .POST(BodyPublishers.ofString(body))
              .build();
      return JSON.readTree(client.send(request, BodyHandlers.ofString()).body()).path("value");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void screen(int width, int height) {
    JsonNode _ =
        ask(
            "Emulation.setDeviceMetricsOverride",
            ImmutableMap.of(
                "width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  void prefers(String scheme, String motion) {
    JsonNode _ =
        ask(
            "Emulation.setEmulatedMedia",
            ImmutableMap.of(
                "features",
                ImmutableList.of(
                    ImmutableMap.of("name", "prefers-color-scheme", "value", scheme),
                    ImmutableMap.of("name", "prefers-reduced-motion", "value", motion))));
  }

  /** The whole page as PNG, packed as tightly as that can be. */
  byte[] picture() throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(screenshot()));
    BufferedImage plain =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    plain.createGraphics().drawImage(image, 0, 0, null);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam tightly = writer.getDefaultWriteParam();
    tightly.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    tightly.setCompressionQuality(0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(plain, null, null), tightly);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private byte[] screenshot() {
    JsonNode picture =
        ask(
            "Page.captureScreenshot",
            ImmutableMap.of("format", "png", "captureBeyondViewport", true));
    return Base64.getDecoder().decode(picture.path("data").asText());
  }

  String text(String id) {
    return String.valueOf(
        driver.executeScript("return document.getElementById(arguments[0]).innerText", id));
  }

  /** Errors and refusals that Chromium has noted since it was asked last. */
  ImmutableList<String> complaints() {
    return driver.manage().logs().get("browser").getAll().stream()
        .map(LogEntry::getMessage)
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() throws IOException {
    try {
      driver.quit();
    } finally {
      client.close();
      kill(program);
      MoreFiles.deleteRecursively(profile, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private static void kill(Process program) {
    ImmutableList<ProcessHandle> family =
        program.descendants().collect(ImmutableList.toImmutableList());
    var _ = program.destroyForcibly();
    for (ProcessHandle member : family) {
      var _ = member.destroyForcibly();
      var _ = member.onExit().join();
    }
    var _ = program.onExit().join();
  }
}
