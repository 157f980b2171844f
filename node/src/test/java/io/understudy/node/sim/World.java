package io.understudy.node.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/** True time, the queue of events, chance, and the trace. */
final class World {
  static final long MILLI = 1_000_000;
  static final long SECOND = 1_000 * MILLI;

  /** Within no maintenance window, at an odd place in a time step. */
  private static final Instant BEGIN = Instant.parse("2026-03-03T14:07:13.137Z");

  private static final int LINES_MAX = 300;

  private record Event(long at, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private final Random random;
  private final boolean verbose;
  private long now;
  private long numbers;
  private long hash = 0xcbf29ce484222325L;

  World(long seed, boolean verbose) {
    random = new Random(seed);
    this.verbose = verbose;
  }

  /** Nanoseconds since the begin of the world. */
  long now() {
    return now;
  }

  Instant wall() {
    return BEGIN.plusNanos(now);
  }

  void after(long nanos, Runnable action) {
    queue.add(new Event(now + Math.max(0, nanos), numbers++, action));
  }

  void at(long time, Runnable action) {
    after(time - now, action);
  }

  /** Carries out the next event; false if it lies after {@code until}, which is now then. */
  boolean step(long until) {
    Event event = queue.peek();
    if (event == null || event.at > until) {
      now = until;
      return false;
    }
    queue.remove();
    now = event.at;
    mix(event.at * 31 + event.number);
    event.action.run();
    return true;
  }

  // ---- chance

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Nanoseconds, evenly between two numbers of milliseconds. */
  long millis(double min, double max) {
    return (long) ((min + random.nextDouble() * (max - min)) * MILLI);
  }

  long between(long min, long max) {
    return min + (long) (random.nextDouble() * (double) (max - min));
  }

  /** A delay that is mostly near the typical, now and then much longer, never beyond the max. */
  long delay(Duration typical, Duration max) {
    double near = (double) typical.toNanos() * (0.3 + random.nextDouble());
    double far = chance(0.03) ? random.nextDouble() * (double) max.toNanos() : 0;
    return (long) Math.min(near + far, (double) max.toNanos());
  }

  // ---- trace

  /** One line of the trace; the text is only made when somebody wants to read it. */
  void note(Supplier<String> line) {
    String text = "%12.6f %s".formatted(now / (double) SECOND, line.get());
    mix(text.hashCode());
    if (verbose) {
      System.out.println(text);
    }
    lines.addLast(text);
    if (lines.size() > LINES_MAX) {
      lines.removeFirst();
    }
  }

  private void mix(long value) {
    hash = (hash ^ value) * 0x100000001b3L;
  }

  /** A digest of everything that happened. */
  long hash() {
    return hash;
  }

  String lastLines() {
    return String.join("\n", lines);
  }
}
