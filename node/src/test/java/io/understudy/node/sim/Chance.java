package io.understudy.node.sim;

import java.time.Duration;

/**
 * One stream of chance. Whatever has a stream of its own draws the same numbers whatever the others
 * draw, so that leaving one fault out of a run disturbs the rest of it as little as can be.
 */
final class Chance {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;
  private static final double UNIT = 0x1.0p-53;

  private long state;

  Chance(long seed) {
    state = scrambled(seed);
  }

  /** A stream for something that has a name and a number. */
  static Chance of(long seed, String name, long number) {
    return new Chance(seed + scrambled(name.hashCode() * GOLDEN + number));
  }

  private static long scrambled(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  private double unit() {
    state += GOLDEN;
    return (scrambled(state) >>> 11) * UNIT;
  }

  boolean of(double probability) {
    return unit() < probability;
  }

  int below(int bound) {
    return (int) (unit() * bound);
  }

  /** Nanoseconds, evenly between two numbers of milliseconds. */
  long millis(double min, double max) {
    return (long) ((min + unit() * (max - min)) * World.MILLI);
  }

  long between(long min, long max) {
    return min + (long) (unit() * (double) (max - min));
  }

  /** A delay that is mostly near the typical, now and then much longer, never beyond the max. */
  long delay(Duration typical, Duration max) {
    double near = (double) typical.toNanos() * (0.3 + unit());
    double far = of(0.03) ? unit() * (double) max.toNanos() : 0;
    return (long) Math.min(near + far, (double) max.toNanos());
  }
}
