package io.understudy.node.driver.clientportal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a fence cut short whatever else is under way, and forbids it to go on afterwards, without
 * touching what begins later. Any thread.
 */
final class Cuts {
  private final AtomicLong count = new AtomicLong();

  /** One piece of work that may be cut. */
  final class Work {
    private final long begun = count.get();

    boolean isCut() {
      return count.get() != begun;
    }
  }

  Work begin() {
    return new Work();
  }

  /** Everything that began before now is cut. */
  void cut() {
    count.incrementAndGet();
  }
}
