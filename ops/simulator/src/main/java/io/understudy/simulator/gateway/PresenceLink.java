package io.understudy.simulator.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.understudy.simulator.http.HttpCaller;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Holds a connection to the broker open for as long as this process lives, so that the judge knows
 * when it died. No part of what the genuine program does; nothing depends on it. Safe for threads.
 */
final class PresenceLink implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final HttpCaller caller;
  private final Upstream upstream;
  private final Consumer<String> orders;
  private final AtomicReference<Optional<OutputStream>> link =
      new AtomicReference<>(Optional.empty());
  private volatile boolean closed;

  /** {@code orders} receives the faults that the broker wants of this program. */
  PresenceLink(URI server, Upstream upstream, Consumer<String> orders) {
    this.caller = new HttpCaller(server, Optional.empty());
    this.upstream = upstream;
    this.orders = orders;
  }

  void start() {
    var _ = Thread.ofVirtual().name("presence").start(this::run);
  }

  @Override
  public void close() {
    closed = true;
    link.get().ifPresent(PresenceLink::closeQuietly);
  }

  /** Tells the judge that the cookies are gone. */
  void cleared() {
    link.get().ifPresent(PresenceLink::sendCleared);
  }

  private static void sendCleared(OutputStream out) {
    try {
      out.write("cleared\n".getBytes(UTF_8));
      out.flush();
    } catch (IOException e) {
      // Without a broker there is no judge to be told.
    }
  }

  private static void closeQuietly(OutputStream out) {
    try {
      out.close();
    } catch (IOException e) {
      // Closing is all that was wanted.
    }
  }

  private void run() {
    try {
      while (!closed) {
        try {
          int status =
              caller.upgrade("/simulator/presence", upstream.ownHeaders(), "presence", this::stay);
          if (status != 101) {
            return;
          }
        } catch (IOException e) {
          // The broker is not there, or not there any more.
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stay(InputStream in, OutputStream out) throws IOException {
    link.set(Optional.of(out));
    try {
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        orders.accept(line);
      }
    } finally {
      link.set(Optional.empty());
    }
  }
}
