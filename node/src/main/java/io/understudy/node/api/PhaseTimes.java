package io.understudy.node.api;

import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.api.GatewayView.LocatedCell;
import io.understudy.node.core.failover.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Measures how long the leading cell stays in each phase, from a start on. A phase counts from when
 * the cell says that it entered it, so a record that arrives late does not stretch it; clocks of
 * several nodes may differ, so no phase begins before the former one nor in the future. Not for
 * several threads.
 */
final class PhaseTimes {
  private final Map<Phase, Duration> spent = new EnumMap<>(Phase.class);
  private Optional<LocatedCell> current = Optional.empty();
  private Instant currentSince;

  PhaseTimes(Instant start) {
    currentSince = start;
  }

  void observe(LocatedCell located, Instant now) {
    Phase phase = located.cell().phase();
    boolean same =
        current
            .filter(former -> former.node().equals(located.node()))
            .filter(former -> former.cell().phase() == phase)
            .isPresent();
    if (same) {
      return;
    }
    Instant entered = clamp(located.cell().phaseSince(), now);
    current.ifPresent(former ->
        spent.merge(
            former.cell().phase(), Duration.between(currentSince, entered), Duration::plus));
    current = Optional.of(located);
    currentSince = entered;
  }

  private Instant clamp(Instant entered, Instant now) {
    Instant notInFuture = entered.isAfter(now) ? now : entered;
    return notInFuture.isBefore(currentSince) ? currentSince : notInFuture;
  }

  /** Milliseconds per phase that was left. */
  ImmutableSortedMap<String, Long> millis() {
    ImmutableSortedMap.Builder<String, Long> millis = ImmutableSortedMap.naturalOrder();
    spent.forEach((phase, duration) -> millis.put(phase.name(), duration.toMillis()));
    return millis.buildOrThrow();
  }
}
