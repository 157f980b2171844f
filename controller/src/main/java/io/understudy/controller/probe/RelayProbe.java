package io.understudy.controller.probe;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks through one relay again and again, one request and at most one connection at a time. While
 * the relay is shut it tries to connect once an interval. Owns one thread; closing ends it.
 */
final class RelayProbe implements AutoCloseable {
  private final Relay relay;
  private final Duration interval;
  private final Duration limit;
  private final Consumer<Probe> log;
  private final SSLSocketFactory tls = AnyCertificate.sockets();
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable RelayConnection connection;
  private boolean plain;
  private boolean known;

  /**
   * @param limit for a connection to come about, and for an answer
   */
  RelayProbe(Relay relay, Duration interval, Duration limit, Consumer<Probe> log) {
    this.relay = relay;
    this.interval = interval;
    this.limit = limit;
    this.log = log;
    this.thread = Thread.ofPlatform().daemon().name("probe-" + relay.node()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    drop();
  }

  private void run() {
    while (!closed) {
      long sent = System.nanoTime();
      boolean answered = ask();
      log.accept(new Probe(relay.node(), sent, System.nanoTime(), answered));
      rest(sent);
    }
    drop();
  }

  private boolean ask() {
    try {
      RelayConnection open = connection;
      return open == null ? askAnew(RelayConnection.dial(relay, limit)) : ask(open);
    } catch (IOException e) {
      drop();
      return false;
    }
  }

  /** Until the gateway has answered once, its own TLS and none at all are tried in turn. */
  private boolean askAnew(Socket socket) throws IOException {
    try {
      RelayConnection open =
          plain ? RelayConnection.plain(socket) : RelayConnection.secured(socket, relay, tls);
      connection = open;
      boolean well = ask(open);
      known = true;
      return well;
    } catch (IOException e) {
      plain ^= !known;
      throw e;
    }
  }

  private boolean ask(RelayConnection open) throws IOException {
    boolean well = open.ask();
    if (open.spent()) {
      drop();
    }
    return well;
  }

  private void drop() {
    RelayConnection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is given up anyway.
      }
    }
  }

  private void rest(long sent) {
    long left = interval.toNanos() - (System.nanoTime() - sent);
    try {
      if (left > 0) {
        Thread.sleep(Duration.ofNanos(left));
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }
}
