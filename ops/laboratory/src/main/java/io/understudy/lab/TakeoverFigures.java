package io.understudy.lab;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long a takeover took, whole and by phase.
 *
 * @param total from the kill, or from the last answer through the old relay, to the first answer
 *     through the new one
 * @param phases in order; their sum is the total. The phase {@value #TIME_STEP} is the wait for the
 *     next TOTP time step, during which nobody may submit a code for this user
 */
record TakeoverFigures(Duration total, ImmutableMap<String, Duration> phases) {
  static final String TIME_STEP = "time_step";
  static final String LOGIN = "login";

  private static final Duration STEP = Duration.ofSeconds(30);
  private static final Duration LEFT_IN_STEP_MIN = Duration.ofSeconds(8);

  /** The phase of the node that ends each part of the takeover. */
  private static final ImmutableMap<String, List<String>> PARTS =
      ImmutableMap.<String, List<String>>builder()
          .put("detect", List.of("CLAIMING", "FENCING", "LOGGING_IN"))
          .put("claim", List.of("FENCING", "LOGGING_IN"))
          .put("fence", List.of("LOGGING_IN"))
          .put(LOGIN, List.of("VERIFYING", "RECONCILING", "SERVING"))
          .put("verify", List.of("RECONCILING", "SERVING"))
          .put("reconcile", List.of("SERVING"))
          .buildOrThrow();

  /**
   * Puts the figures together.
   *
   * @param entered when the new leader entered each phase
   * @param lastCode when a code was last submitted before; the epoch without a second factor
   */
  static TakeoverFigures of(
      Instant start, Instant end, Map<String, Instant> entered, Instant lastCode) {
    Map<String, Duration> phases = new LinkedHashMap<>();
    Instant reached = start;
    for (Map.Entry<String, List<String>> part : PARTS.entrySet()) {
      Instant next = firstOf(part.getValue(), entered, reached);
      if (part.getKey().equals(LOGIN)) {
        Instant allowed = earliestCode(lastCode, reached);
        Instant waited = allowed.isAfter(next) ? next : allowed;
        put(phases, TIME_STEP, Duration.between(reached, waited));
        reached = waited;
      }
      put(phases, part.getKey(), Duration.between(reached, next));
      reached = next;
    }
    put(phases, "open", Duration.between(reached, end));
    return new TakeoverFigures(Duration.between(start, end), ImmutableMap.copyOf(phases));
  }

  /** Without the wait for a time step, which no cluster can shorten. */
  Duration withoutTimeStep() {
    return total.minus(phases.getOrDefault(TIME_STEP, Duration.ZERO));
  }

  /** Without the login as well, which is the gateway's page and IBKR's answer. */
  Duration withoutLogin() {
    return withoutTimeStep().minus(phases.getOrDefault(LOGIN, Duration.ZERO));
  }

  /** A phase that was too short to be seen begins where the one before it ended. */
  private static Instant firstOf(
      List<String> phases, Map<String, Instant> entered, Instant otherwise) {
    for (String phase : phases) {
      Instant at = entered.get(phase);
      if (at != null) {
        return at.isBefore(otherwise) ? otherwise : at;
      }
    }
    return otherwise;
  }

  /**
   * From when on a code may be submitted: in a later step than the last one, with enough of it
   * left.
   */
  private static Instant earliestCode(Instant lastCode, Instant now) {
    if (lastCode.equals(Instant.EPOCH)) {
      return now;
    }
    long last = lastCode.getEpochSecond() / STEP.toSeconds();
    long current = now.getEpochSecond() / STEP.toSeconds();
    Instant stepEnd = Instant.ofEpochSecond((current + 1) * STEP.toSeconds());
    boolean usable = current > last && now.plus(LEFT_IN_STEP_MIN).compareTo(stepEnd) <= 0;
    return usable ? now : Instant.ofEpochSecond((Math.max(current, last) + 1) * STEP.toSeconds());
  }

  private static void put(Map<String, Duration> phases, String name, Duration duration) {
    phases.put(name, duration.isNegative() ? Duration.ZERO : duration);
  }
}
