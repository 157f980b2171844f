package io.understudy.node.sim;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** True time, what is going to happen, chance, the deeds that were done, and the trace. */
final class World {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  /** Within no maintenance window, at an odd place in a time step. */
  private static final Instant BEGIN = Instant.parse("2026-03-03T14:07:13.137Z");

  private static final int LINES_MAX = 2_000;

  private final Plan plan;
  private final Agenda agenda = new Agenda();
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final List<Deed> deeds = new ArrayList<>();
  private long now;
  private long events;
  private long hash = 0xcbf29ce484222325L;

  World(Plan plan) {
    this.plan = plan;
  }

  /** Nanoseconds since the begin of the world. */
  long now() {
    return now;
  }

  Instant wall() {
    return BEGIN.plusNanos(now);
  }

  long events() {
    return events;
  }

  void after(long nanos, Runnable action) {
    agenda.add(now + Math.max(0, nanos), action);
  }

  void at(long time, Runnable action) {
    after(time - now, action);
  }

  /** Carries out the next event; false if it lies after {@code until}, which is now then. */
  boolean step(long until) {
    if (agenda.isEmpty() || agenda.firstTime() > until) {
      now = until;
      return false;
    }
    now = agenda.firstTime();
    events++;
    mix(now * 31 + agenda.firstNumber());
    agenda.removeFirst().run();
    return true;
  }

  // ---- chance and deeds

  Chance chance(String name, long number) {
    return Chance.of(plan.seed(), name, number);
  }

  /** Whether this deed is to be done in this run; if so it is on record. */
  boolean does(Deed deed) {
    if (plan.without().contains(deed)) {
      return false;
    }
    deeds.add(deed);
    return true;
  }

  List<Deed> deeds() {
    return deeds;
  }

  // ---- trace

  boolean traced() {
    return plan.traced();
  }

  /** One line of the trace; the text is only made when somebody wants to read it. */
  void note(Supplier<String> line) {
    if (plan.traced()) {
      String text = "%12.6f %s".formatted(now / (double) SECOND, line.get());
      mix(text.hashCode());
      lines.addLast(text);
      if (lines.size() > LINES_MAX) {
        lines.removeFirst();
      }
    }
  }

  private void mix(long value) {
    hash = (hash ^ value) * 0x100000001b3L;
  }

  /** A digest of everything that happened. */
  long hash() {
    return hash;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
