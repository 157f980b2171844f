package io.understudy.node.driver.clientportal;

import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The private directory of one gateway: what we tell the program and all it writes. It mirrors the
 * layout of the genuine program, whose own files are only linked, never changed.
 *
 * <pre>
 *   gateway.pid               which process of ours runs
 *   run/root/                 conf.yaml, logback.xml, keystore; webapps is a link
 *   run/dist, run/build       links into the program
 *   browser/, diagnosis/      a login's browser profile; bundles about pages not understood
 * </pre>
 */
final class RunDirectory {
  static final String PROGRAM_JAR = "dist/ibgroup.web.core.iblink.router.clientportal.gw.jar";

  /** WARN and above only, to the console: at DEBUG the program logs cookies and keys. */
  private static final String LOGBACK =
      """
      <configuration>
        <appender name="CONSOLE" class="ch.qos.logback.core.ConsoleAppender">
          <encoder>
            <pattern>%level %logger{0} %msg%n%nopex</pattern>
          </encoder>
        </appender>
        <root level="WARN">
          <appender-ref ref="CONSOLE"/>
        </root>
      </configuration>
      """;

  private final Path base;
  private final ClientPortalSettings settings;

  RunDirectory(ClientPortalSettings settings) {
    this.settings = settings;
    this.base =
        settings
            .stateDirectory()
            .toAbsolutePath()
            .normalize()
            .resolve("client-portal")
            .resolve(settings.gateway().value());
  }

  Path base() {
    return base;
  }

  Path run() {
    return base.resolve("run");
  }

  Path root() {
    return run().resolve("root");
  }

  Path pidFile() {
    return base.resolve("gateway.pid");
  }

  Path browser() {
    return base.resolve("browser");
  }

  Path diagnosis() {
    return base.resolve("diagnosis");
  }

  /**
   * Makes everything anew but the certificate, which the caller has made in {@link #root}.
   *
   * @throws DriverException permanent when the program is not there
   */
  void prepare() throws DriverException {
    Path program = settings.program().directory().toAbsolutePath().normalize();
    if (!Files.isRegularFile(program.resolve(PROGRAM_JAR))) {
      throw DriverException.permanentError(
          "The gateway program is not in "
              + program
              + " ("
              + PROGRAM_JAR
              + " is missing): unpack IBKR's Client Portal Gateway there or correct"
              + " gateway.program");
    }
    try {
      PrivateFiles.deleteTree(run());
      PrivateFiles.directory(base);
      PrivateFiles.directory(run());
      PrivateFiles.directory(root());
      PrivateFiles.directory(run().resolve("logs"));
      link(run().resolve("dist"), program.resolve("dist"));
      link(run().resolve("build"), program.resolve("build"));
      if (Files.isDirectory(program.resolve("root/webapps"))) {
        link(root().resolve("webapps"), program.resolve("root/webapps"));
      }
      PrivateFiles.write(root().resolve("logback.xml"), LOGBACK);
    } catch (IOException e) {
      throw DriverException.transientError(
          "The gateway's directory " + base + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** Writes conf.yaml; only keys that every known build accepts, since an unknown one ends it. */
  void writeConfiguration(GatewayCertificate certificate) throws DriverException {
    try {
      PrivateFiles.write(root().resolve("conf.yaml"), configuration(certificate.password()));
    } catch (IOException e) {
      throw DriverException.transientError(
          "The gateway's conf.yaml cannot be written: " + e.getMessage(), e);
    }
  }

  private String configuration(String keystorePassword) {
    ClientPortalSettings.Upstream upstream = settings.upstream();
    return """
    ip2loc: "US"
    proxyRemoteSsl: %b
    proxyRemoteHost: "%s"
    listenPort: %d
    listenSsl: true
    ccp: false
    svcEnvironment: "v1"
    sslCert: "%s"
    sslPwd: "%s"
    authDelay: %d
    portalBaseURL: ""
    serverOptions:
      blockedThreadCheckInterval: 1000000
      eventLoopPoolSize: 20
      workerPoolSize: 20
      maxWorkerExecuteTime: 100
      internalBlockingPoolSize: 20
    cors:
      origin.allowed: "https://localhost:%d"
      allowCredentials: false
    webApps:
      - name: "demo"
        index: "index.html"
    ips:
      allow:
        - 127.*
      deny:
        - 0.0.0.0/0
    """
        .formatted(
            upstream.tls(),
            upstream.host(),
            settings.port(),
            GatewayCertificate.KEYSTORE,
            keystorePassword,
            upstream.authDelay().toMillis(),
            settings.port());
  }

  private static void link(Path link, Path target) throws IOException {
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(link);
    }
    Files.createSymbolicLink(link, target);
  }
}
