package io.understudy.node.undertaker;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The coordination servers, of which one is enough: each is asked in turn, and all once more with
 * more patience, until one says that the session has ended.
 *
 * <p>An answer that does not come is not guessed: the next connect tells, since a session that was
 * closed is refused. A session that another client has moved to another server meanwhile (which
 * nobody should do) is an error of that try, and the next one moves it back.
 */
final class Ensemble {
  private static final List<Duration> PATIENCE =
      List.of(Duration.ofMillis(700), Duration.ofSeconds(2));
  private static final int XID = 1;
  private static final int MESSAGE_LENGTH_MAX = 1 << 20;
  private static final int ANSWERS_MAX = 16;
  private static final int PORT_DEFAULT = 2181;

  private final LifeRecord.Session session;
  private final Optional<SSLContext> tls;
  private final List<String> inTurn;
  private Optional<Warm> warm = Optional.empty();

  private record Warm(String server, Socket socket) {}

  private Ensemble(LifeRecord.Session session, Optional<SSLContext> tls) {
    this.session = session;
    this.tls = tls;
    this.inTurn = new ArrayList<>(servers(session.connect()));
  }

  /** How the session ended; the server is the one that said so. */
  sealed interface Ending {
    /** We closed it. */
    record Closed(String server) implements Ending {}

    /** There was none any more. */
    record Over(String server) implements Ending {}

    /** Nobody could tell; it ends by its timeout. */
    record Unknown(String sentence) implements Ending {}
  }

  /** Reads the certificates; nothing is connected yet. */
  static Ensemble of(LifeRecord.Session session) throws IOException, GeneralSecurityException {
    return new Ensemble(
        session,
        session.tls().isPresent()
            ? Optional.of(Pem.context(session.tls().get()))
            : Optional.empty());
  }

  Ending close() {
    List<String> troubles = new ArrayList<>();
    for (Duration patience : PATIENCE) {
      troubles.clear();
      for (String server : inTurn) {
        try {
          return closeAt(server, patience);
        } catch (IOException e) {
          troubles.add(server + ": " + e.getMessage());
        }
      }
    }
    return new Ending.Unknown(String.join("; ", troubles));
  }

  /** The servers of a connect string, with their ports, without the root that may follow. */
  static List<String> servers(String connect) {
    int slash = connect.indexOf('/');
    return List.of((slash < 0 ? connect : connect.substring(0, slash)).split("\\s*,\\s*", -1));
  }

  /** Host and port of {@code host:port}, {@code [address]:port} or {@code host}. */
  static InetSocketAddress address(String server) {
    int colon = server.lastIndexOf(':');
    boolean hasPort = colon >= 0 && server.indexOf(']') < colon && server.indexOf(':') >= 0;
    String host = hasPort ? server.substring(0, colon) : server;
    int port = hasPort ? Integer.parseInt(server.substring(colon + 1).strip()) : PORT_DEFAULT;
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return InetSocketAddress.createUnresolved(host.strip(), port);
  }

  /**
   * Connects ahead of time, so that the handshake passes while something else is done. Nothing is
   * asked of the server: what connects only is no client yet. A server that cannot be reached is
   * asked again, after all others.
   */
  void warmUp() {
    for (String server : servers(session.connect())) {
      try {
        warm = Optional.of(new Warm(server, open(server, PATIENCE.getFirst())));
        return;
      } catch (IOException _) {
        inTurn.remove(server);
        inTurn.add(server);
      }
    }
  }

  private Ending closeAt(String server, Duration patience) throws IOException {
    Optional<Socket> opened = warm.filter(w -> w.server().equals(server)).map(Warm::socket);
    warm = Optional.empty();
    try (Socket socket = opened.isPresent() ? opened.get() : open(server, patience)) {
      return closeOver(socket, server);
    }
  }

  /** A connection over which the server's identity is certain. */
  private Socket open(String server, Duration patience) throws IOException {
    InetSocketAddress address = address(server);
    int millis = Math.toIntExact(patience.toMillis());
    if (tls.isEmpty()) {
      return connected(address, millis);
    }
    Optional<SSLException> last = Optional.empty();
    // ZooKeeper's certificates may name the host or its address.
    for (String name : names(address)) {
      Socket plain = connected(address, millis);
      try {
        return secured(plain, tls.get(), name, address.getPort());
      } catch (SSLException e) {
        plain.close();
        last = Optional.of(e);
      }
    }
    throw last.orElseThrow();
  }

  private static Set<String> names(InetSocketAddress address) throws IOException {
    Set<String> names = new LinkedHashSet<>();
    names.add(address.getHostString());
    names.add(InetAddress.getByName(address.getHostString()).getHostAddress());
    return names;
  }

  private static Socket connected(InetSocketAddress address, int millis) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()), millis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static SSLSocket secured(Socket plain, SSLContext tls, String name, int port)
      throws IOException {
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, name, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private Ending closeOver(Socket socket, String server) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    byte[] password = HexFormat.of().parseHex(session.password());
    send(out, Jute.connect(session.timeout(), session.id(), password));
    if (Jute.connected(receive(in)).refused()) {
      return new Ending.Over(server);
    }
    send(out, Jute.closeSession(XID));
    for (int i = 0; i < ANSWERS_MAX; i++) {
      Jute.Answer answer = Jute.answer(receive(in));
      if (answer.xid() == XID && answer.error() == 0) {
        return new Ending.Closed(server);
      }
      if (answer.xid() == XID) {
        throw new IOException("refused to close the session with error " + answer.error());
      }
    }
    throw new IOException("did not answer the close");
  }

  private static void send(DataOutputStream out, byte[] message) throws IOException {
    byte[] whole = new byte[Integer.BYTES + message.length];
    ByteBuffer.wrap(whole).putInt(message.length).put(message);
    out.write(whole);
    out.flush();
  }

  private static byte[] receive(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MESSAGE_LENGTH_MAX) {
      throw new IOException("does not speak ZooKeeper's protocol");
    }
    byte[] message = new byte[length];
    in.readFully(message);
    return message;
  }
}
