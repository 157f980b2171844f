package io.understudy.bundle.doctor.machine;

import com.google.common.base.Splitter;
import io.understudy.bundle.doctor.machine.Machine.ServerReport;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Asks one ZooKeeper server over TLS: {@code srvr} on one connection, a session on another.
 *
 * <p>A session is two messages of ZooKeeper's own protocol, connect and close, big-endian and each
 * behind its length; the client library would bring threads, retries and ten megabytes for them.
 */
final class CoordinationCall {
  private static final int REPORT_MAX = 1 << 16;
  private static final int ANSWER_MAX = 1 << 10;
  private static final int PASSWORD_LENGTH = 16;
  private static final int CLOSE_SESSION = -11;
  private static final int XID = 1;
  private static final String MODE = "Mode: ";

  private final InetSocketAddress address;
  private final SSLContext tls;
  private final int deadlineMillis;

  CoordinationCall(InetSocketAddress address, SSLContext tls, Duration deadline) {
    this.address = address;
    this.tls = tls;
    this.deadlineMillis = Math.toIntExact(deadline.toMillis());
  }

  ServerReport report(Duration timeoutWanted) throws IOException {
    String mode = mode();
    return new ServerReport(mode, mode.isEmpty() ? 0 : granted(timeoutWanted));
  }

  /** Empty for a server that serves nobody. */
  private String mode() throws IOException {
    try (Socket socket = open()) {
      socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
      String said =
          new String(socket.getInputStream().readNBytes(REPORT_MAX), StandardCharsets.UTF_8);
      if (said.contains("not currently serving requests")) {
        return "";
      }
      return Splitter.on('\n')
          .splitToStream(said)
          .filter(line -> line.startsWith(MODE))
          .map(line -> line.substring(MODE.length()).strip())
          .findFirst()
          .orElseThrow(() ->
              new IOException(
                  "it does not answer srvr: "
                      + said.lines()
                          .findFirst()
                          .orElse("nothing came (is it in 4lw.commands.whitelist?)")));
    }
  }

  private int granted(Duration timeoutWanted) throws IOException {
    try (Socket socket = open()) {
      OutputStream out = socket.getOutputStream();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      out.write(connect(Math.toIntExact(timeoutWanted.toMillis())));
      ByteBuffer answer = message(in);
      int _ = answer.getInt(); // The version of the protocol.
      int millis = answer.getInt();
      long session = answer.getLong();
      if (session == 0) {
        return 0;
      }
      out.write(framed(ByteBuffer.allocate(2 * Integer.BYTES).putInt(XID).putInt(CLOSE_SESSION)));
      var _ = message(in);
      return millis;
    } catch (EOFException _) {
      return 0;
    }
  }

  private static byte[] connect(int timeoutMillis) {
    return framed(
        ByteBuffer.allocate(4 + 8 + 4 + 8 + 4 + PASSWORD_LENGTH + 1)
            .putInt(0) // The version of the protocol.
            .putLong(0) // No transaction was seen.
            .putInt(timeoutMillis)
            .putLong(0) // A new session.
            .putInt(PASSWORD_LENGTH)
            .put(new byte[PASSWORD_LENGTH])
            .put((byte) 0)); // Not with a server that only reads.
  }

  private static byte[] framed(ByteBuffer message) {
    return ByteBuffer.allocate(Integer.BYTES + message.position())
        .putInt(message.position())
        .put(message.flip())
        .array();
  }

  private static ByteBuffer message(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 2 * Integer.BYTES + Long.BYTES || length > ANSWER_MAX) {
      throw new IOException("it does not speak ZooKeeper's protocol");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private SSLSocket open() throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(deadlineMillis);
      plain.connect(address, deadlineMillis);
      SSLSocket socket =
          (SSLSocket)
              tls.getSocketFactory()
                  .createSocket(plain, address.getHostString(), address.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }
}
