package io.understudy.node.driver.clientportal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Lets something happen at most once per interval; the first time at once. Any thread. */
final class Pace {
  private final long interval;
  private final AtomicLong next = new AtomicLong(System.nanoTime());

  Pace(Duration interval) {
    this.interval = interval.toNanos();
  }

  /** Whether it is time; if so, the interval begins again. */
  boolean isDue() {
    long now = System.nanoTime();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + interval);
  }
}
