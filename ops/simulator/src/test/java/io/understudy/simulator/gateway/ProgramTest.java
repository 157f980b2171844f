package io.understudy.simulator.gateway;

import static io.understudy.simulator.gateway.World.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.simulator.InstallGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in as its own process, installed and started like the genuine program. */
final class ProgramTest {
  private Path directory;
  private World world;
  private int port;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void install(@TempDir Path folder) throws Exception {
    directory = folder.resolve("gateway");
    InstallGateway.install(directory, List.of("name=alone"));
    world = new World(folder);
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = probe.getLocalPort();
    }
  }

  @AfterEach
  void stop() throws Exception {
    for (Process process : processes) {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    world.close();
  }

  private void configure(String more) throws IOException {
    Files.writeString(
        directory.resolve("root/conf.yaml"),
        """
        proxyRemoteSsl: false
        proxyRemoteHost: "%s"
        listenPort: %d
        %s
        """
            .formatted(world.brokerAddress(), port, more));
  }

  private Process launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            "root:dist/ibgroup.web.core.iblink.router.clientportal.gw.jar:build/lib/runtime/*",
            "ibgroup.web.core.clientportal.gw.GatewayStart",
            "--conf",
            "../root/conf.yaml");
    builder.directory(directory.toFile());
    builder.redirectErrorStream(true);
    builder.redirectOutput(directory.resolve("out.txt").toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private String output() {
    try {
      return Files.readString(directory.resolve("out.txt"));
    } catch (IOException e) {
      return "";
    }
  }

  private boolean reachable() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean handshakes() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.startHandshake();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Only whether TLS works at all is asked here. */
  private static final class TrustsAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private void createKeystore() throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "gateway",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "JKS",
                "-keystore",
                directory.resolve("root/own.jks").toString(),
                "-storepass",
                "mywebapi",
                "-keypass",
                "mywebapi")
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).isZero();
  }

  @Test
  void sigtermEndsItWith143AndWithoutALogout() throws Exception {
    configure("listenSsl: false");
    Process process = launch();
    until(this::reachable);
    assertThat(World.request(URI.create("http://127.0.0.1:" + port), "GET", "/", "").status())
        .isEqualTo(302);
    assertThat(output()).contains("Open http://localhost:" + port + " to login");

    process.destroy();

    assertThat(process.waitFor()).isEqualTo(143);
    assertThat(world.report().path("logouts").asInt()).isZero();
    until(() -> world.control("GET", "gateways", "").isEmpty());
  }

  @Test
  void anUnknownKeyEndsItWith1() throws Exception {
    configure("tickleDelay: 5");
    Process process = launch();

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(output()).contains("Unable to find property 'tickleDelay'");
  }

  @Test
  void aBusyPortLeavesItAliveWithoutService() throws Exception {
    configure("listenSsl: false");
    try (ServerSocket other = new ServerSocket(port)) {
      assertThat(other.isBound()).isTrue();
      Process process = launch();

      until(() -> output().contains("to login"));
      assertThat(output()).contains("Server listen failed Address already in use");
      assertThat(process.isAlive()).isTrue();
    }
  }

  @Test
  void itServesTlsWithTheKeystoreBesideItsConfiguration() throws Exception {
    createKeystore();
    configure("sslCert: own.jks");
    launch();
    until(this::reachable);

    assertThat(handshakes()).isTrue();
  }

  @Test
  void aWrongKeystorePasswordLeavesItAliveWithDeadTls() throws Exception {
    createKeystore();
    configure("sslCert: own.jks\nsslPwd: wrong");
    Process process = launch();
    until(this::reachable);

    assertThat(handshakes()).isFalse();
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void whoIsNotAllowedIsDenied() throws Exception {
    configure("listenSsl: false\nips:\n  allow:\n    - 10.*\n  deny:\n    - 0.0.0.0/0");
    launch();
    until(this::reachable);

    var answer = World.request(URI.create("http://127.0.0.1:" + port), "GET", "/", "");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text()).isEqualTo("Access Denied");
  }

  @Test
  void theBrokerCanEndItWithAnExitCode() throws Exception {
    configure("listenSsl: false");
    Process process = launch();
    until(() -> !world.control("GET", "gateways", "").isEmpty());

    world.control("POST", "gateways", "{\"source\": \"alone\", \"fault\": \"exit 3\"}");

    assertThat(process.waitFor()).isEqualTo(3);
  }

  @Test
  void itsLogsShowTheCookiesInClear() throws Exception {
    configure("listenSsl: false");
    Process process = launch();
    until(() -> !world.control("GET", "gateways", "").isEmpty());
    until(this::reachable);
    world.control("POST", "users/" + World.USER, "{\"secondFactor\": {\"kind\": \"none\"}}");
    var page = URI.create("http://127.0.0.1:" + port);
    String login = "ACTION=LOGIN&user=ana&password=correct+horse&paper=false";
    String loginId =
        World.body(World.request(page, "POST", "/sso/Authenticator", login))
            .path("loginId")
            .asText();
    World.request(page, "POST", "/sso/Dispatcher", "loginId=" + loginId);

    until(() -> logs().contains("XYZAB="));
    assertThat(logs()).doesNotContain("correct");
    assertThat(process.isAlive()).isTrue();
  }

  private String logs() {
    StringBuilder text = new StringBuilder();
    try (var files = Files.list(directory.resolve("logs"))) {
      for (Path file : files.toList()) {
        text.append(Files.readString(file, UTF_8));
      }
    } catch (IOException e) {
      return "";
    }
    return text.toString();
  }
}
