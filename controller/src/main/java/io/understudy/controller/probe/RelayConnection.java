package io.understudy.controller.probe;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One connection through a relay to the gateway program behind it.
 *
 * <p>It asks for {@code GET /}, which the program answers by itself with a redirect to its login
 * page: nothing goes to IBKR, so it counts against no limit there, and no login is needed or spent.
 */
final class RelayConnection implements AutoCloseable {
  private static final byte[] REQUEST =
      String.join(
              "\r\n",
              "GET / HTTP/1.1",
              "Host: localhost",
              "User-Agent: understudy-drill",
              "Accept: */*",
              "",
              "")
          .getBytes(StandardCharsets.US_ASCII);

  private static final int LINE_MAX = 8_192;
  private static final int LINES_MAX = 100;
  private static final long BODY_BYTES_MAX = 1 << 20;
  private static final int ERRORS_FROM = 500;

  private final Socket socket;
  private final InputStream in;
  private boolean spent;

  private RelayConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /** A connection that the relay has taken. */
  static Socket dial(Relay relay, Duration limit) throws IOException {
    Socket socket = new Socket();
    try {
      int millis = Math.toIntExact(limit.toMillis());
      socket.connect(new InetSocketAddress(relay.host(), relay.port()), millis);
      socket.setSoTimeout(millis);
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Without TLS. Closes the socket when it fails. */
  static RelayConnection plain(Socket socket) throws IOException {
    try {
      return new RelayConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** With TLS; the handshake is through when this returns. Closes the socket when it fails. */
  static RelayConnection secured(Socket socket, Relay relay, SSLSocketFactory tls)
      throws IOException {
    try {
      SSLSocket over = (SSLSocket) tls.createSocket(socket, relay.host(), relay.port(), true);
      over.startHandshake();
      return new RelayConnection(over);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends the request and reads the response to its end; false when it tells of an error. */
  boolean ask() throws IOException {
    socket.getOutputStream().write(REQUEST);
    String[] parts = readLine().split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9]{2}")) {
      throw new IOException("Not an HTTP response");
    }
    readRest();
    return Integer.parseInt(parts[1]) < ERRORS_FROM;
  }

  /** Whether the other side will close it, or its place in the stream is not known. */
  boolean spent() {
    return spent;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void readRest() throws IOException {
    long length = -1;
    boolean chunked = false;
    int lines = 0;
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      if (++lines > LINES_MAX) {
        throw new IOException("Too many headers");
      }
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = number(header.substring("content-length:".length()), 10);
      }
      chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
      spent |= header.startsWith("connection:") && header.endsWith("close");
    }
    if (chunked) {
      skipChunks();
    } else if (length >= 0) {
      skip(length);
    } else {
      // Ends with the connection, if there is a body at all.
      spent = true;
    }
  }

  private void skipChunks() throws IOException {
    long total = 0;
    for (long size = chunkSize(); size > 0; size = chunkSize()) {
      total += size;
      skip(total > BODY_BYTES_MAX ? total : size);
      var _ = readLine();
    }
    var _ = readLine();
  }

  private long chunkSize() throws IOException {
    return number(readLine().split(";", 2)[0], 16);
  }

  private static long number(String text, int radix) throws IOException {
    try {
      return Long.parseLong(text.strip(), radix);
    } catch (NumberFormatException e) {
      throw new IOException("Not a length: " + text, e);
    }
  }

  private void skip(long length) throws IOException {
    if (length < 0 || length > BODY_BYTES_MAX) {
      throw new IOException("A response without a usable length");
    }
    in.skipNBytes(length);
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > LINE_MAX) {
        throw new IOException("The connection ended within a response");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
