package io.understudy.simulator.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1, plain or over TLS, with one virtual thread per connection.
 *
 * <p>At most {@value #CONNECTIONS_MAX} connections are served at once; further ones are closed.
 */
public final class HttpListener implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 1_000;
  private static final int BACKLOG = 200;

  /** Makes an answer of a request; called on the thread of the connection. */
  public interface Handler {
    Answer handle(HttpRequest request) throws Exception;
  }

  private final ServerSocket server;
  private final Handler handler;
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private HttpListener(ServerSocket server, Handler handler) {
    this.server = server;
    this.handler = handler;
  }

  /** Listens at the address given; port 0 takes any free one. */
  public static HttpListener open(
      InetSocketAddress address, Optional<SSLContext> tls, Handler handler) throws IOException {
    ServerSocket server =
        tls.isPresent()
            ? tls.get().getServerSocketFactory().createServerSocket()
            : new ServerSocket();
    server.setReuseAddress(true);
    try {
      server.bind(address, BACKLOG);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    HttpListener listener = new HttpListener(server, handler);
    var _ = Thread.ofVirtual().name("http-accept").start(listener::accept);
    return listener;
  }

  public int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() {
    closeQuietly(server);
    open.forEach(HttpListener::closeQuietly);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (!places.tryAcquire()) {
          closeQuietly(socket);
          continue;
        }
        var _ = Thread.ofVirtual().name("http-connection").start(() -> serve(socket));
      } catch (IOException e) {
        // The server socket was closed, or one connection failed before it was accepted.
      }
    }
  }

  private void serve(Socket socket) {
    open.add(socket);
    try (socket) {
      if (server.isClosed()) {
        return;
      }
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      boolean goOn = true;
      while (goOn) {
        HttpRequest request = read(in, socket);
        goOn = request != null && answer(request, in, out);
      }
    } catch (IOException e) {
      // The client is gone or does not speak HTTP: nobody is left to tell.
    } finally {
      open.remove(socket);
      places.release();
    }
  }

  private static @Nullable HttpRequest read(InputStream in, Socket socket) throws IOException {
    String line = Wire.readLine(in);
    if (line == null) {
      return null;
    }
    String[] parts = line.split(" ", -1);
    if (parts.length != 3 || !parts[2].startsWith("HTTP/1.") || !parts[1].startsWith("/")) {
      throw new IOException("not an HTTP/1.1 request line");
    }
    Headers headers = Wire.readHeaders(in);
    Optional<String> length = headers.first("Content-Length");
    byte[] body = new byte[0];
    if (Wire.isChunked(headers)) {
      body = Wire.readChunks(in);
    } else if (length.isPresent()) {
      body = Wire.readFixed(in, length.get());
    }
    return new HttpRequest(parts[0], parts[1], headers, body, socket.getInetAddress());
  }

  /** Returns whether the connection may carry another request. */
  private boolean answer(HttpRequest request, InputStream in, OutputStream out) throws IOException {
    return switch (handle(request)) {
      case HttpResponse response -> {
        if (response.delay().isPositive()) {
          sleep(response);
        }
        boolean keep = !"close".equalsIgnoreCase(request.header("Connection").orElse(""));
        write(request, response, keep, out);
        yield keep;
      }
      case Answer.Hang _ -> {
        in.transferTo(OutputStream.nullOutputStream());
        yield false;
      }
      case Answer.Drop _ -> false;
      case Answer.TakeOver takeOver -> {
        out.write(Wire.head(statusLine(takeOver.head().status()), takeOver.head().headers()));
        out.flush();
        takeOver.session().run(in, out);
        yield false;
      }
    };
  }

  private Answer handle(HttpRequest request) {
    try {
      return handler.handle(request);
    } catch (Exception e) {
      // A simulator that fails must be seen at once; no secret can be in a class name.
      System.err.println("Failed to answer " + request.path() + " error=" + e.getClass());
      return HttpResponse.text(500, "simulator failure: " + e.getClass().getSimpleName());
    }
  }

  private static void sleep(HttpResponse response) throws IOException {
    try {
      Thread.sleep(response.delay());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void write(
      HttpRequest request, HttpResponse response, boolean keep, OutputStream out)
      throws IOException {
    Headers headers = new Headers();
    response.headers().fields().forEach(field -> headers.add(field.name(), field.value()));
    boolean bodyAllowed = response.status() != 204 && response.status() != 304;
    if (response.chunked() && bodyAllowed) {
      headers.set("Transfer-Encoding", "chunked");
    } else if (bodyAllowed) {
      headers.set("Content-Length", Integer.toString(response.body().length));
    }
    if (!keep) {
      headers.set("Connection", "close");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Wire.head(statusLine(response.status()), headers));
    if (bodyAllowed && !request.method().equals("HEAD")) {
      all.writeBytes(response.chunked() ? chunk(response.body()) : response.body());
    }
    out.write(all.toByteArray());
    out.flush();
  }

  private static byte[] chunk(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (body.length > 0) {
      out.writeBytes((Integer.toHexString(body.length) + "\r\n").getBytes(ISO_8859_1));
      out.writeBytes(body);
      out.writeBytes("\r\n".getBytes(ISO_8859_1));
    }
    out.writeBytes("0\r\n\r\n".getBytes(ISO_8859_1));
    return out.toByteArray();
  }

  private static String statusLine(int status) {
    String phrase =
        switch (status) {
          case 101 -> "Switching Protocols";
          case 200 -> "OK";
          case 204 -> "No Content";
          case 302 -> "Found";
          case 400 -> "Bad Request";
          case 401 -> "Unauthorized";
          case 403 -> "Forbidden";
          case 404 -> "Not Found";
          case 410 -> "Gone";
          case 429 -> "Too Many Requests";
          case 500 -> "Internal Server Error";
          case 503 -> "Service Unavailable";
          default -> "Status";
        };
    return "HTTP/1.1 " + status + " " + phrase;
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // Closing is all that was wanted.
    }
  }
}
