package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * What an algorithm does all day, seen from outside: keeps one TLS connection through the relay of
 * one node, sends requests of the size of an order, and takes the time of every answer. When the
 * relay is shut it tries again at once. Owns one thread; closing ends it.
 */
final class TradingClient implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int BODY_BYTES_MAX = 1 << 20;
  private final Host host;
  private final int port;
  private final SSLSocketFactory tls;
  private final byte[] request;
  private final Thread thread;
  private final List<Answer> answers = new ArrayList<>();
  private volatile Optional<Long> lastSent = Optional.empty();
  private volatile boolean closed;

  /**
   * A request that was answered, with both times by {@link System#nanoTime}.
   *
   * @param connection the number of the connection that it came through, from 1
   */
  record Answer(long sent, long at, int connection) {}

  private TradingClient(Host host, int port, SSLSocketFactory tls, String account) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.request = request(account);
    this.thread =
        Thread.ofPlatform().daemon().name("trading-client-" + host.name()).unstarted(this::run);
  }

  static TradingClient start(Host host, int port, SSLSocketFactory tls, String account) {
    TradingClient client = new TradingClient(host, port, tls, account);
    client.thread.start();
    return client;
  }

  /** How many requests were answered. */
  int answered() {
    synchronized (answers) {
      return answers.size();
    }
  }

  /** All of them, in order. */
  ImmutableList<Answer> answers() {
    synchronized (answers) {
      return ImmutableList.copyOf(answers);
    }
  }

  /** Those from the given number on, which counts from 0. */
  ImmutableList<Answer> answersFrom(int number) {
    synchronized (answers) {
      return ImmutableList.copyOf(answers.subList(number, answers.size()));
    }
  }

  /** The time of the first answer after the given time, both by {@link System#nanoTime}. */
  Optional<Long> firstAfter(long nanos) {
    synchronized (answers) {
      return answers.stream().map(Answer::at).filter(at -> at - nanos > 0).findFirst();
    }
  }

  /** The time of the last answer before the given time. */
  Optional<Long> lastBefore(long nanos) {
    synchronized (answers) {
      return answers.reversed().stream().map(Answer::at).filter(at -> at - nanos < 0).findFirst();
    }
  }

  /** When the last request was sent, answered or not, by {@link System#nanoTime}. */
  Optional<Long> lastSent() {
    return lastSent;
  }

  int requestBytes() {
    return request.length;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    int connection = 0;
    while (!closed) {
      try (Socket socket = connect()) {
        connection++;
        InputStream in = new BufferedInputStream(socket.getInputStream());
        while (!closed) {
          long sent = System.nanoTime();
          lastSent = Optional.of(sent);
          socket.getOutputStream().write(request);
          if (readAnswer(in) == 200) {
            Answer answer = new Answer(sent, System.nanoTime(), connection);
            synchronized (answers) {
              answers.add(answer);
            }
          }
          rest();
        }
      } catch (IOException | NumberFormatException _) {
        // The relay is shut, or was just shut: the next try is the point of this program.
        rest();
      }
    }
  }

  private void rest() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException _) {
      closed = true;
    }
  }

  private Socket connect() throws IOException {
    Socket plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host.address(), port), TIMEOUT_MILLIS);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      plain.setTcpNoDelay(true);
      SSLSocket socket = (SSLSocket) tls.createSocket(plain, "localhost", port, true);
      // A kernel takes connections for a frozen program: only then has somebody answered.
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /**
   * Reads one response to its end, so that the connection can be used again; returns the status.
   */
  private static int readAnswer(InputStream in) throws IOException {
    String[] parts = readLine(in).split(" ", 3);
    if (parts.length < 2) {
      throw new IOException("Not an HTTP response");
    }
    long length = -1;
    boolean chunked = false;
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      String header = line.toLowerCase(Locale.ROOT);
      if (header.startsWith("content-length:")) {
        length = Long.parseLong(header.substring("content-length:".length()).strip());
      }
      chunked |= header.startsWith("transfer-encoding:") && header.endsWith("chunked");
    }
    if (chunked) {
      skipChunks(in);
    } else {
      skip(in, length);
    }
    return Integer.parseInt(parts[1]);
  }

  private static void skipChunks(InputStream in) throws IOException {
    for (long size = chunkSize(in); size > 0; size = chunkSize(in)) {
      skip(in, size);
      var _ = readLine(in);
    }
    var _ = readLine(in);
  }

  private static long chunkSize(InputStream in) throws IOException {
    return Long.parseLong(readLine(in).strip(), 16);
  }

  private static void skip(InputStream in, long length) throws IOException {
    if (length < 0 || length > BODY_BYTES_MAX) {
      throw new IOException("A response without a usable length");
    }
    in.skipNBytes(length);
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0 || line.length() > 8_192) {
        throw new IOException("The connection ended within a response");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /**
   * An order stands in a header: the simulated broker takes none, and only the bytes matter here.
   */
  private static byte[] request(String account) {
    String order =
        """
        {"acctId":"%s","conid":265598,"cOID":"demo-0001","orderType":"LMT","side":"BUY","tif":"DAY",
        "ticker":"AAPL","price":185.25,"quantity":100,"outsideRTH":false,"useAdaptive":false}
        """
            .formatted(account)
            .replace("\n", "");
    return String.join(
            "\r\n",
            "GET /v1/api/iserver/accounts HTTP/1.1",
            "Host: localhost",
            "User-Agent: understudy-lab",
            "Accept: application/json",
            "X-Lab-Order: " + order,
            "",
            "")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
