package io.understudy.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses sources that call too often, once the fault {@code pacing} is in force. Sources stand for
 * addresses, since on one machine all have the same. Guarded by the broker's lock.
 */
final class Pacing {
  static final Duration PENALTY = Duration.ofMinutes(10);

  private static final class Window {
    private Instant second = Instant.EPOCH;
    private int calls;
    private Instant penaltyUntil = Instant.EPOCH;
  }

  private final Map<String, Window> windows = new LinkedHashMap<>();

  boolean refuses(Faults faults, String source, Instant now) {
    Optional<Fault> fault = faults.find(Fault.Kind.PACING);
    if (fault.isEmpty()) {
      windows.clear();
      return false;
    }
    Window window = windows.computeIfAbsent(source, _ -> new Window());
    if (now.isBefore(window.penaltyUntil)) {
      return true;
    }
    if (!now.isBefore(window.second.plusSeconds(1))) {
      window.second = now;
      window.calls = 0;
    }
    window.calls++;
    if (window.calls > fault.get().perSecond()) {
      window.penaltyUntil = now.plus(PENALTY);
      return true;
    }
    return false;
  }
}
