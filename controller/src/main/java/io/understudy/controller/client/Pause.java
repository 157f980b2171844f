package io.understudy.controller.client;

import java.time.Duration;

/** Waits between two attempts. */
@FunctionalInterface
public interface Pause {
  void take(Duration duration) throws InterruptedException;
}
