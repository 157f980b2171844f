package io.understudy.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses sources that call too often, once the fault {@code pacing} is in force. Sources stand for
 * addresses, since on one machine all have the same. Guarded by the broker's lock.
 */
final class Pacing {
  static final Duration PENALTY = Duration.ofMinutes(10);

  /** Pages of which a source may call each once within {@link #SLOW_EVERY}. */
  private static final List<String> SLOW =
      List.of(
          "/iserver/account/orders",
          "/iserver/account/trades",
          "/iserver/account/pnl/partitioned",
          "/portfolio/accounts",
          "/portfolio/subaccounts");

  private static final Duration SLOW_EVERY = Duration.ofSeconds(5);

  private static final class Window {
    private Instant second = Instant.EPOCH;
    private int calls;
    private Instant penaltyUntil = Instant.EPOCH;
    private final Map<String, Instant> slowCalls = new LinkedHashMap<>();
  }

  private final Map<String, Window> windows = new LinkedHashMap<>();

  boolean refuses(Faults faults, String source, String path, Instant now) {
    Optional<Fault> fault = faults.find(Fault.Kind.PACING);
    if (fault.isEmpty()) {
      windows.clear();
      return false;
    }
    Window window = windows.computeIfAbsent(source, _ -> new Window());
    if (now.isBefore(window.penaltyUntil)) {
      return true;
    }
    if (tooMany(window, fault.get().perSecond(), now) || tooSoon(window, path, now)) {
      window.penaltyUntil = now.plus(PENALTY);
      return true;
    }
    return false;
  }

  private static boolean tooMany(Window window, int perSecond, Instant now) {
    if (!now.isBefore(window.second.plusSeconds(1))) {
      window.second = now;
      window.calls = 0;
    }
    window.calls++;
    return window.calls > perSecond;
  }

  private static boolean tooSoon(Window window, String path, Instant now) {
    if (!SLOW.contains(path)) {
      return false;
    }
    Instant before = window.slowCalls.put(path, now);
    return before != null && now.isBefore(before.plus(SLOW_EVERY));
  }
}
