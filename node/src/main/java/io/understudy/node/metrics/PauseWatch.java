package io.understudy.node.metrics;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Adds up the time that the process stood still, whatever held it: the collector, a machine without
 * a free processor, a freezer. A thread of its own asks to be woken in short steps; how much too
 * late it wakes is how long nothing in this process could have run on time.
 */
final class PauseWatch implements AutoCloseable {
  static final Duration STEP = Duration.ofMillis(50);
  static final Duration PAUSE_MIN = Duration.ofMillis(100);

  private final Counter seconds;
  private final Thread thread;
  private volatile boolean closed;

  PauseWatch(Counter seconds) {
    this.seconds = seconds;
    this.thread = Thread.ofPlatform().name("pauses").daemon(true).start(this::watch);
  }

  private void watch() {
    long before = System.nanoTime();
    while (!closed) {
      LockSupport.parkNanos(STEP.toNanos());
      long after = System.nanoTime();
      Duration pause = pause(Duration.ofNanos(after - before));
      if (pause.isPositive()) {
        seconds.increment(pause.toNanos() / 1e9);
      }
      before = after;
    }
  }

  /** How long of a step the process stood still; zero where it is too short to count. */
  static Duration pause(Duration step) {
    Duration late = step.minus(STEP);
    return late.compareTo(PAUSE_MIN) > 0 ? late : Duration.ZERO;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
