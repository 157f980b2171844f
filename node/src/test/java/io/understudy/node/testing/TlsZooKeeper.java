package io.understudy.node.testing;

import io.understudy.node.testing.TestAuthority.PemFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A real ZooKeeper server that wants certificates, in a process of its own: its settings are system
 * properties, which would hold for every other test. It grants session timeouts of 1 s to 10 s.
 */
public final class TlsZooKeeper implements AutoCloseable {
  private static final long END_SECONDS_MAX = 10;

  private final Path directory;
  private final int port;
  private Process server;

  private TlsZooKeeper(Path directory, int port, Process server) {
    this.directory = directory;
    this.port = port;
    this.server = server;
  }

  /** Starts it; whoever connects has to wait until it answers. */
  public static TlsZooKeeper start(Path directory, TestAuthority authority) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    return new TlsZooKeeper(directory, port, run(directory, port, authority));
  }

  /** Again, with its data, and with a certificate of the one authority that it trusts now. */
  public void restart(TestAuthority authority) throws IOException {
    close();
    server = run(directory, port, authority);
  }

  private static Process run(Path directory, int port, TestAuthority authority) throws IOException {
    PemFiles files = authority.issue("witness", "node");
    Path identity =
        Files.writeString(
            directory.resolve("witness.pem"),
            Files.readString(files.key()) + Files.readString(files.certificate()));
    Path config =
        Files.writeString(
            directory.resolve("zoo.cfg"), config(directory.resolve("data"), port, identity, files));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            config.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("server.log").toFile())
        .start();
  }

  public String connectString() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    server.destroyForcibly();
    Process _ = server.onExit().orTimeout(END_SECONDS_MAX, TimeUnit.SECONDS).join();
  }

  private static String config(Path data, int port, Path identity, PemFiles files) {
    return """
    tickTime=500
    dataDir=%s
    admin.enableServer=false
    serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
    secureClientPort=%d
    secureClientPortAddress=127.0.0.1
    authProvider.x509=org.apache.zookeeper.server.auth.X509AuthenticationProvider
    ssl.clientAuth=need
    ssl.keyStore.location=%s
    ssl.trustStore.location=%s
    """
        .formatted(data, port, identity, files.authority());
  }
}
