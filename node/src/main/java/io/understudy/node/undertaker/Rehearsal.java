package io.understudy.node.undertaker;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

/**
 * Runs the undertaker once against a stand-in for a coordination server, so that the JVM can keep
 * what it has loaded in a start-up cache: {@code undertaker --make-cache}.
 */
final class Rehearsal {
  private static final String NAME = "rehearsal";
  private static final String AUTHORITY = "authority";
  private static final long SESSION = 4_711;
  private static final String PASSWORD = "00".repeat(16);
  private static final Duration TIMEOUT = Duration.ofSeconds(6);

  private final Path folder;

  private Rehearsal(Path folder) {
    this.folder = folder;
  }

  /** Takes a private folder with the key store {@code rehearsal.p12}, and leaves files there. */
  public static void main(String[] arguments) throws Exception {
    System.exit(new Rehearsal(Path.of(arguments[0])).run());
  }

  private int run() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(folder.resolve(NAME + ".p12"))) {
      store.load(file, NAME.toCharArray());
    }
    LifeRecord.Tls tls =
        new LifeRecord.Tls(
            write("certificate.pem", "CERTIFICATE", store.getCertificate(NAME).getEncoded()),
            write("key.pem", "PRIVATE KEY", store.getKey(NAME, NAME.toCharArray()).getEncoded()),
            write("authority.pem", "CERTIFICATE", store.getCertificate(AUTHORITY).getEncoded()));
    try (SSLServerSocket server =
        (SSLServerSocket) Pem.context(tls).getServerSocketFactory().createServerSocket()) {
      SSLParameters parameters = server.getSSLParameters();
      parameters.setNeedClientAuth(true);
      server.setSSLParameters(parameters);
      server.bind(loopback());
      Thread _ = Thread.ofPlatform().daemon().start(() -> serve(server));
      new LifeRecord(
              new LifeRecord.Life("a former boot", 1, 1),
              List.of(
                  new LifeRecord.Gateway(
                      NAME, List.of("-D" + folder), folder.resolve("gateway.pid"), closedPort())),
              new LifeRecord.Session(
                  "127.0.0.1:" + server.getLocalPort(),
                  SESSION,
                  PASSWORD,
                  TIMEOUT,
                  Optional.of(tls)))
          .write(folder);
      Undertaker.Report report =
          Undertaker.run(new String[] {"--state", folder.toString()}, Map.of());
      System.out.println(report.sentence());
      return report.status();
    }
  }

  /** Answers one client as a coordination server does. */
  private static void serve(ServerSocket server) {
    try (var client = server.accept()) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      in.skipNBytes(in.readInt());
      out.writeInt(37);
      out.writeInt(0);
      out.writeInt(Math.toIntExact(TIMEOUT.toMillis()));
      out.writeLong(SESSION);
      out.writeInt(16);
      out.write(new byte[16]);
      out.writeBoolean(false);
      in.skipNBytes(in.readInt());
      out.writeInt(16);
      out.writeInt(1);
      out.writeLong(0);
      out.writeInt(0);
      out.flush();
    } catch (IOException _) {
      // The undertaker says so, and there will be no cache.
    }
  }

  private static int closedPort() throws IOException {
    try (ServerSocket free = new ServerSocket()) {
      free.bind(loopback());
      return free.getLocalPort();
    }
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private Path write(String name, String what, byte[] encoded) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }
}
