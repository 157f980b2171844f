package io.understudy.node.api;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns what follows operations and feeds event streams. A task that throws is a
 * bug of that task: it is logged and the lane goes on.
 */
final class ApiLane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiLane.class);

  /** Tasks that wait; more than that and {@link #offer} drops. */
  private static final int QUEUE_MAX = 256;

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("api-lane").daemon(true).factory());

  /** Runs the task later, unless the lane is closed. */
  void execute(Runnable task) {
    try {
      executor.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("Dropped a task of the closed API lane", e);
    }
  }

  /** Like {@link #execute} for what a later tick makes good: dropped when the lane is behind. */
  void offer(Runnable task) {
    if (executor.getQueue().size() < QUEUE_MAX) {
      execute(task);
    }
  }

  void every(Duration interval, Runnable task) {
    long millis = interval.toMillis();
    var _ =
        executor.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("Failed a task of the API lane by a bug", e);
    }
  }

  /** Runs what was enqueued before, then ends; returns within the timeout. */
  void close(Duration timeout) {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(1));
  }
}
