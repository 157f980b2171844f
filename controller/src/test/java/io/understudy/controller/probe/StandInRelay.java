package io.understudy.controller.probe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A relay on loopback with a gateway behind it: open it answers every request, shut it resets all
 * connections and its port is closed.
 */
public final class StandInRelay implements AutoCloseable {
  /** What the gateway program answers to {@code GET /}. */
  public static final String REDIRECT =
      "HTTP/1.1 302 Found\r\nLocation: /sso/Login\r\nContent-Length: 0\r\n\r\n";

  private static final char[] PASSWORD = "stand-in".toCharArray();

  private final ServerSocketFactory sockets;
  private final int port;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger atOnceMax = new AtomicInteger();
  private volatile String answer = REDIRECT;
  private volatile ServerSocket server;

  private StandInRelay(ServerSocketFactory sockets) throws IOException {
    this.sockets = sockets;
    this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.port = server.getLocalPort();
    serve(server);
  }

  /** Without TLS; it is open. */
  public static StandInRelay plain() throws IOException {
    return new StandInRelay(ServerSocketFactory.getDefault());
  }

  /** With a certificate that it signed itself. */
  public static StandInRelay secured() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair key = generator.generateKeyPair();
    X500Name name = new X500Name("CN=stand-in");
    Certificate certificate =
        new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(Instant.now().minus(Duration.ofHours(1))),
                        Date.from(Instant.now().plus(Duration.ofHours(1))),
                        name,
                        key.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("key", key.getPrivate(), PASSWORD, new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    return new StandInRelay(tls.getServerSocketFactory());
  }

  public int port() {
    return port;
  }

  public String address() {
    return "127.0.0.1:" + port;
  }

  Relay relay(String node) {
    return new Relay(node, "127.0.0.1", port);
  }

  /** From now on it answers with this. */
  void answersWith(String response) {
    answer = response;
  }

  /** The first lines of all that was asked for. */
  public List<String> requests() {
    return requests;
  }

  int accepted() {
    return accepted.get();
  }

  /** How many connections were open at the same time at most. */
  int atOnceMax() {
    return atOnceMax.get();
  }

  public void open() throws IOException {
    ServerSocket again = sockets.createServerSocket();
    again.setReuseAddress(true);
    again.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server = again;
    serve(again);
  }

  public void shut() throws IOException {
    server.close();
    for (Socket connection : connections) {
      connection.close();
    }
    connections.clear();
  }

  @Override
  public void close() throws IOException {
    shut();
  }

  private void serve(ServerSocket listening) {
    Thread.ofVirtual()
        .start(() -> {
          while (!listening.isClosed()) {
            try {
              Socket connection = listening.accept();
              accepted.incrementAndGet();
              connections.add(connection);
              Thread.ofVirtual().start(() -> answer(connection));
            } catch (IOException e) {
              // Shut, or a handshake that came to nothing.
            }
          }
        });
  }

  private void answer(Socket connection) {
    atOnceMax.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.matches("[A-Z]+ .*")) {
          requests.add(line);
        }
        while (line != null && !line.isEmpty()) {
          line = in.readLine();
        }
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        if (answer.contains("Connection: close")) {
          return;
        }
      }
    } catch (IOException e) {
      // The client is gone, or the relay was shut.
    } finally {
      atOnce.decrementAndGet();
    }
  }
}
