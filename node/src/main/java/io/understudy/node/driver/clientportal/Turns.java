package io.understudy.node.driver.clientportal;

import io.understudy.node.spi.DriverException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets so many at once and keeps the others waiting. Shared by all gateways of a node, so that the
 * loss of a machine does not start a browser for each of fifty gateways at once. Any thread.
 */
public final class Turns {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int AT_ONCE = 4;

  private final Semaphore starts = new Semaphore(AT_ONCE, true);
  private final Semaphore logins = new Semaphore(AT_ONCE, true);

  /** A turn; over when closed. */
  static final class Turn implements AutoCloseable {
    private final Semaphore free;

    private Turn(Semaphore free) {
      this.free = free;
    }

    @Override
    public void close() {
      free.release();
    }
  }

  /**
   * Waits for a turn to start a gateway program.
   *
   * @throws DriverException (transient) when the deadline comes first, or the work is cut short
   */
  Turn toStart(Cuts.Work work, Duration timeout) throws DriverException {
    return take(starts, work, Countdown.of(timeout));
  }

  /**
   * Waits for a turn to log in, with a browser.
   *
   * @throws DriverException (transient) when the deadline comes first, or the work is cut short
   */
  Turn toLogIn(Cuts.Work work, Duration timeout) throws DriverException {
    return take(logins, work, Countdown.of(timeout));
  }

  private static Turn take(Semaphore free, Cuts.Work work, Countdown deadline)
      throws DriverException {
    try {
      while (!work.isCut() && !deadline.isOver()) {
        if (free.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
          return new Turn(free);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    throw DriverException.transientError(
        "Other gateways of this node kept it waiting for its turn, and nothing was begun");
  }
}
