package io.understudy.node.driver.zookeeper;

import java.time.Duration;

/** When a call must be over, on this process's monotonic clock. */
record Deadline(long nanoTime, Duration limit) {
  static Deadline in(Duration limit) {
    return new Deadline(System.nanoTime() + limit.toNanos(), limit);
  }

  long remainingNanos() {
    return Math.max(0, nanoTime - System.nanoTime());
  }

  boolean passed() {
    return remainingNanos() == 0;
  }
}
