package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.MonotonicTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Where every other thread leaves what it saw. Bounded: a full mailbox means that the loop is
 * stuck, which is a bug.
 */
final class Mailbox {
  private static final int CAPACITY = 10_000;
  private final BlockingQueue<Observation> queue = new ArrayBlockingQueue<>(CAPACITY);

  /** Any thread; never blocks. */
  void post(Observation observation) {
    if (!queue.offer(observation)) {
      throw new IllegalStateException("mailbox is full: " + CAPACITY + " observations wait");
    }
  }

  /** All that waits, in order; waits for the first until the time given. The loop's thread. */
  ImmutableList<Observation> take(MonotonicTime now, MonotonicTime until)
      throws InterruptedException {
    long nanos = Math.max(0, until.since(now).toNanos());
    Observation first = queue.poll(nanos, TimeUnit.NANOSECONDS);
    if (first == null) {
      return ImmutableList.of();
    }
    List<Observation> all = new ArrayList<>();
    all.add(first);
    queue.drainTo(all);
    return ImmutableList.copyOf(all);
  }
}
