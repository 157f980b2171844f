package io.understudy.node.driver.clientportal;

import java.time.Duration;

/** A deadline on the monotonic clock, and pauses that end with it. Any thread. */
final class Countdown {
  private final long end;

  private Countdown(long end) {
    this.end = end;
  }

  static Countdown of(Duration length) {
    return new Countdown(System.nanoTime() + length.toNanos());
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }

  /** What is left, never negative. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  /** What is left, at most {@code max}. */
  Duration left(Duration max) {
    Duration left = left();
    return left.compareTo(max) < 0 ? left : max;
  }

  /**
   * Sleeps for {@code length} or until the deadline, whichever is earlier.
   *
   * @return false when the thread was interrupted (the flag stays set)
   */
  boolean pause(Duration length) {
    try {
      Thread.sleep(left(length));
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
