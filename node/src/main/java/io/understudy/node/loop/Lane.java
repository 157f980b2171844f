package io.understudy.node.loop;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread with a bounded queue: calls to one driver, one at a time and in order. */
final class Lane implements AutoCloseable {
  private static final int CAPACITY = 256;
  private final ThreadPoolExecutor executor;
  private final Mailbox mailbox;
  private volatile LogSubject subject = LogSubject.NONE;

  /** A lane whose bugs end the loop that reads the mailbox. */
  Lane(String name, Mailbox mailbox) {
    this.mailbox = mailbox;
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(CAPACITY),
            Thread.ofPlatform().name(name).daemon(true).factory());
    executor.allowCoreThreadTimeOut(true);
  }

  /** What the lines of the tasks that are handed in from now on are about. */
  void about(LogSubject next) {
    subject = next;
  }

  /**
   * Runs the task after those before it.
   *
   * @throws java.util.concurrent.RejectedExecutionException when the queue is full, which is a bug:
   *     the core has one effect of a kind in flight
   */
  void run(Runnable task) {
    LogSubject about = subject;
    executor.execute(() -> {
      about.begin();
      try {
        task.run();
      } catch (RuntimeException | Error bug) {
        mailbox.fail(bug);
      }
    });
  }

  /** Interrupts what runs and drops what waits. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  /** Waits until the running task has ended; false when it did not in time. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    return executor.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
