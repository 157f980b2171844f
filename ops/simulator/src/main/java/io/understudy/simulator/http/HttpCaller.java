package io.understudy.simulator.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/**
 * Calls one server, with a new connection for each call.
 *
 * <p>Waits for an answer as long as it takes unless a time limit is given: so does the genuine
 * gateway. Safe for threads.
 */
public final class HttpCaller {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

  private final String host;
  private final int port;
  private final boolean tls;
  private final Optional<Duration> answerTimeout;

  public HttpCaller(URI server, Optional<Duration> answerTimeout) {
    String name = server.getHost();
    if (name == null) {
      throw new IllegalArgumentException(server + " (expected: http://HOST:PORT)");
    }
    this.host = name;
    this.tls = server.getScheme().toLowerCase(Locale.ROOT).equals("https");
    this.port = server.getPort() >= 0 ? server.getPort() : tls ? 443 : 80;
    this.answerTimeout = answerTimeout;
  }

  /** Sends a request and reads its answer; {@code headers} need not hold Host or lengths. */
  public HttpResponse call(String method, String target, Headers headers, byte[] body)
      throws IOException {
    try (Socket socket = connect()) {
      send(socket, method, target, headers, body, "close");
      return readResponse(new BufferedInputStream(socket.getInputStream()), method);
    }
  }

  /**
   * Asks to leave HTTP for the protocol given and runs {@code session} on the connection.
   *
   * @return the status of the answer; the session has run if and only if it is 101
   */
  public int upgrade(String target, Headers headers, String protocol, Answer.Session session)
      throws IOException {
    try (Socket socket = connect()) {
      headers.set("Upgrade", protocol);
      send(socket, "GET", target, headers, new byte[0], "Upgrade");
      InputStream in = new BufferedInputStream(socket.getInputStream());
      int status = readStatus(in);
      var _ = Wire.readHeaders(in);
      if (status == 101) {
        session.run(in, socket.getOutputStream());
      }
      return status;
    }
  }

  private Socket connect() throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host, port), (int) CONNECT_TIMEOUT.toMillis());
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(answerTimeout.map(timeout -> (int) timeout.toMillis()).orElse(0));
      if (!tls) {
        return plain;
      }
      SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
      return factory.createSocket(plain, host, port, true);
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private void send(
      Socket socket, String method, String target, Headers given, byte[] body, String connection)
      throws IOException {
    Headers headers = new Headers();
    headers.add("Host", host + ":" + port);
    given.fields().forEach(field -> headers.add(field.name(), field.value()));
    headers.set("Connection", connection);
    if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
      headers.set("Content-Length", Integer.toString(body.length));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Wire.head(method + " " + target + " HTTP/1.1", headers));
    all.writeBytes(body);
    socket.getOutputStream().write(all.toByteArray());
    socket.getOutputStream().flush();
  }

  private static HttpResponse readResponse(InputStream in, String method) throws IOException {
    int status = readStatus(in);
    Headers headers = Wire.readHeaders(in);
    byte[] body;
    Optional<String> length = headers.first("Content-Length");
    if (method.equals("HEAD") || status == 204 || status == 304) {
      body = new byte[0];
    } else if (Wire.isChunked(headers)) {
      body = Wire.readChunks(in);
    } else if (length.isPresent()) {
      body = Wire.readFixed(in, length.get());
    } else {
      body = Wire.readToEnd(in);
    }
    return new HttpResponse(status, headers, body, false, Duration.ZERO);
  }

  private static int readStatus(InputStream in) throws IOException {
    String line = Wire.readLine(in);
    if (line == null) {
      throw new EOFException("connection closed without an answer");
    }
    String[] parts = line.split(" ", 3);
    try {
      return Integer.parseInt(parts.length > 1 ? parts[1] : "");
    } catch (NumberFormatException e) {
      throw new IOException("not an HTTP status line", e);
    }
  }
}
