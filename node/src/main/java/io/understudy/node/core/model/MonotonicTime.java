package io.understudy.node.core.model;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;

/**
 * A reading of this process's monotonic clock, in nanoseconds from an arbitrary origin; never sent
 * to another process.
 */
@Immutable
public record MonotonicTime(long nanos) implements Comparable<MonotonicTime> {
  public MonotonicTime plus(Duration duration) {
    return new MonotonicTime(Math.addExact(nanos, duration.toNanos()));
  }

  public MonotonicTime minus(Duration duration) {
    return new MonotonicTime(Math.subtractExact(nanos, duration.toNanos()));
  }

  /** How long after {@code earlier} this is; negative when it is before. */
  public Duration since(MonotonicTime earlier) {
    return Duration.ofNanos(nanos - earlier.nanos);
  }

  public boolean isBefore(MonotonicTime other) {
    return nanos < other.nanos;
  }

  public boolean isAfter(MonotonicTime other) {
    return nanos > other.nanos;
  }

  @Override
  public int compareTo(MonotonicTime other) {
    return Long.compare(nanos, other.nanos);
  }
}
