package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.MonotonicTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where every other thread leaves what it saw. Bounded: a full mailbox means that the loop is
 * stuck, which is a bug.
 */
final class Mailbox {
  private static final int CAPACITY = 10_000;
  private volatile @Nullable Throwable failure;
  private final BlockingQueue<Observation> queue = new ArrayBlockingQueue<>(CAPACITY);

  /** Any thread; never blocks. */
  void post(Observation observation) {
    if (!queue.offer(observation)) {
      throw new IllegalStateException("mailbox is full: " + CAPACITY + " observations wait");
    }
  }

  /** A lane has met a bug: the loop's next look at its mail throws. Any thread. */
  void fail(Throwable bug) {
    failure = bug;
    boolean woken = queue.offer(new Observation.CoordinationChanged());
    assert woken || !queue.isEmpty();
  }

  /** All that waits, in order; waits for the first until the time given. The loop's thread. */
  ImmutableList<Observation> take(MonotonicTime now, MonotonicTime until)
      throws InterruptedException {
    long nanos = Math.max(0, until.since(now).toNanos());
    Observation first = queue.poll(nanos, TimeUnit.NANOSECONDS);
    Throwable bug = failure;
    if (bug != null) {
      throw new IllegalStateException("A lane ended with a bug", bug);
    }
    if (first == null) {
      return ImmutableList.of();
    }
    List<Observation> all = new ArrayList<>();
    all.add(first);
    queue.drainTo(all);
    return ImmutableList.copyOf(all);
  }
}
