package io.understudy.node.loop;

import io.understudy.node.core.model.MonotonicTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Says whether the loop lives: it does while its count of passes grows. Asked now and then by
 * whoever reports health; any thread.
 */
public final class LoopPulse {
  /** Far more than the time between two passes, far less than a person's patience. */
  public static final Duration SILENCE_MAX_DEFAULT = Duration.ofSeconds(10);

  private record Beat(long passes, MonotonicTime seenAt) {}

  private final Duration silenceMax;
  private final AtomicReference<Beat> last =
      new AtomicReference<>(new Beat(-1, new MonotonicTime(0)));

  /** With the time without a new pass after which the loop counts as dead. */
  public LoopPulse(Duration silenceMax) {
    this.silenceMax = silenceMax;
  }

  /** Whether a pass was made within the time allowed, as far as the calls so far have seen. */
  public boolean beats(NodeStatus status, MonotonicTime now) {
    Beat beat =
        last.updateAndGet(
            before -> before.passes() == status.passes() ? before : new Beat(status.passes(), now));
    return now.since(beat.seenAt()).compareTo(silenceMax) <= 0;
  }
}
