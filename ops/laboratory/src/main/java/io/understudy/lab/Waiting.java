package io.understudy.lab;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions outside this process, which can only be polled, always with a limit. */
final class Waiting {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private Waiting() {}

  /** True as soon as the condition holds, false when it did not within the limit. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    return until(limit, PAUSE, condition);
  }

  static boolean until(Duration limit, Duration pause, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      pause(pause);
    }
    return true;
  }

  static void pause(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted", e);
    }
  }
}
