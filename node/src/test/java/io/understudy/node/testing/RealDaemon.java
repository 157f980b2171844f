package io.understudy.node.testing;

import io.understudy.simulator.InstallGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real understudyd in a process of its own, with the gateway {@code live}, which it keeps warm.
 * Closing kills it and its gateway. One thread.
 */
public final class RealDaemon implements AutoCloseable {
  /** What the ZooKeeper server must grant. */
  public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(4);

  /** A JVM with everything in it, on a machine that is busy with other tests. */
  public static final Duration START_MAX = Duration.ofSeconds(60);

  private static final Duration END_MAX = Duration.ofSeconds(20);

  private final Path folder;
  private final TestAuthority apiAuthority;
  private final int apiPort;
  private final TestAuthority.PemFiles api;
  private final int gatewayPort;
  private final Process process;

  private RealDaemon(
      Path folder,
      TestAuthority apiAuthority,
      int apiPort,
      TestAuthority.PemFiles api,
      int gatewayPort,
      Process process) {
    this.folder = folder;
    this.apiAuthority = apiAuthority;
    this.apiPort = apiPort;
    this.api = api;
    this.gatewayPort = gatewayPort;
    this.process = process;
  }

  /**
   * Starts it. The gateway program is installed below the folder, and a state directory kept there.
   *
   * @param coordination the lines of the section {@code coordination}, without indentation
   */
  public static RealDaemon start(
      Path folder, List<String> coordination, Map<String, String> environment) throws IOException {
    InstallGateway.install(folder.resolve("program"), List.of());
    TestAuthority authority = new TestAuthority(folder, "api");
    TestAuthority.PemFiles api = authority.issue("a", "node").copiedTo(folder.resolve("tls"));
    Path revoked = Files.createFile(folder.resolve("revoked"));
    int apiPort = freePort();
    int gatewayPort = freePort();
    Path config =
        Files.writeString(
            folder.resolve("understudyd.yaml"),
            config(
                folder,
                coordination,
                apiPort,
                api,
                revoked,
                gatewayPort,
                privateFile(folder.resolve("word"))));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.understudy.node.Main",
                "--config",
                config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("understudyd.log").toFile());
    builder.environment().putAll(environment);
    return new RealDaemon(folder, authority, apiPort, api, gatewayPort, builder.start());
  }

  private static String config(
      Path folder,
      List<String> coordination,
      int apiPort,
      TestAuthority.PemFiles api,
      Path revoked,
      int gatewayPort,
      Path secret) {
    return """
    cluster: main
    node: a
    state-directory: %s
    coordination:
      session-timeout: %ds
      %s
    api:
      listen: 127.0.0.1:%d
      certificate: %s
      key: %s
      authority: %s
      revoked: %s
    gateways:
      live:
        driver: client-portal
        mode: live
        username-file: %s
        password-file: %s
        second-factor: {kind: none}
        relay:
          listen: 127.0.0.1:%d
        client-portal:
          program: %s
          listen-port: %d
          upstream: "http://127.0.0.1:9"
    """
        .formatted(
            folder.resolve("state"),
            SESSION_TIMEOUT.toSeconds(),
            String.join("\n  ", coordination),
            apiPort,
            api.certificate(),
            api.key(),
            api.authority(),
            revoked,
            secret,
            secret,
            freePort(),
            folder.resolve("program"),
            gatewayPort);
  }

  private static Path privateFile(Path file) throws IOException {
    Files.writeString(file, "word\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Process process() {
    return process;
  }

  public int apiPort() {
    return apiPort;
  }

  /** Whose certificates its gRPC server trusts at first. */
  public TestAuthority apiAuthority() {
    return apiAuthority;
  }

  /** The files of its gRPC server, which may be replaced. */
  public TestAuthority.PemFiles api() {
    return api;
  }

  /** Its list of revoked certificates, empty at first. */
  public Path revoked() {
    return folder.resolve("revoked");
  }

  public int gatewayPort() {
    return gatewayPort;
  }

  public Path stateDirectory() {
    return folder.resolve("state");
  }

  /** What it has logged so far. */
  public String log() {
    try {
      return Files.readString(folder.resolve("understudyd.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends it a signal by name, e.g. {@code STOP}. */
  public void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IllegalStateException("kill -" + name + " failed");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitEnd(process.toHandle());
    gateways()
        .forEach(gateway -> {
          gateway.destroyForcibly();
          awaitEnd(gateway);
        });
  }

  /** Also those that have outlived it. */
  private List<ProcessHandle> gateways() {
    String mark = "-Dunderstudy.gateway=" + stateDirectory() + "/";
    return ProcessHandle.allProcesses()
        .filter(each -> each.info().commandLine().filter(line -> line.contains(mark)).isPresent())
        .toList();
  }

  private static void awaitEnd(ProcessHandle ending) {
    ProcessHandle _ = ending.onExit().orTimeout(END_MAX.toSeconds(), TimeUnit.SECONDS).join();
  }
}
