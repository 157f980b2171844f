package io.understudy.node.spi;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Waits for a condition, and fails when it does not come true in time. */
public final class Eventually {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(10).toNanos();

  private Eventually() {}

  public static void eventually(String condition, Callable<Boolean> holds) {
    eventually(condition, LIMIT, holds);
  }

  /** With a limit of its own, for what takes long on a busy machine. */
  public static void eventually(String condition, Duration limit, Callable<Boolean> holds) {
    Object _ = eventually(condition, limit, holds, Boolean::booleanValue);
  }

  /** Returns the first value that is as wanted; a {@link DriverException} meanwhile is ignored. */
  public static <T> T eventually(String condition, Callable<T> value, Predicate<T> wanted) {
    return eventually(condition, LIMIT, value, wanted);
  }

  private static <T> T eventually(
      String condition, Duration limit, Callable<T> value, Predicate<T> wanted) {
    long end = System.nanoTime() + limit.toNanos();
    Optional<T> last = Optional.empty();
    @Nullable Exception error = null;
    while (System.nanoTime() < end) {
      try {
        last = Optional.of(value.call());
        error = null;
        if (wanted.test(last.get())) {
          return last.get();
        }
      } catch (DriverException e) {
        error = e;
      } catch (Exception e) {
        throw new AssertionError("Failed while waiting for: " + condition, e);
      }
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }
    throw new AssertionError(
        "Not within " + limit.toSeconds() + " s: " + condition + "; last seen: " + last, error);
  }
}
