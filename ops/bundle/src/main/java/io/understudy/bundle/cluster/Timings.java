package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;

/**
 * The session timeout T and ZooKeeper's tick, from which the lease's arithmetic follows.
 *
 * @param sessionTimeout 2 s to 60 s; a whole number of ticks, 2 to 20 of them unless the servers'
 *     limits are set to match, which the rendered ones do
 * @param tick at most 500 ms: the lease counts on a ping between servers each half tick
 */
@Immutable
public record Timings(Duration sessionTimeout, Duration tick) {
  public static final Duration SESSION_TIMEOUT_MIN = Duration.ofSeconds(2);
  public static final Duration SESSION_TIMEOUT_MAX = Duration.ofSeconds(60);
  public static final Duration TICK_MIN = Duration.ofMillis(100);
  public static final Duration TICK_MAX = Duration.ofMillis(500);
  public static final Timings DEFAULT = new Timings(Duration.ofSeconds(6), Duration.ofMillis(500));
}
