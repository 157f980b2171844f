package io.understudy.node.sim;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** How often each promise was looked at. */
final class Tally {
  private static final class Count {
    private long value;
  }

  private final Map<Promise, Count> counts = new EnumMap<>(Promise.class);

  Tally() {
    Arrays.stream(Promise.values()).forEach(promise -> counts.put(promise, new Count()));
  }

  void add(Promise promise, long times) {
    count(promise).value += times;
  }

  void add(Tally other) {
    other.counts.forEach((promise, count) -> add(promise, count.value));
  }

  long of(Promise promise) {
    return count(promise).value;
  }

  private Count count(Promise promise) {
    Count count = counts.get(promise);
    if (count == null) {
      throw new IllegalStateException("not counted: " + promise);
    }
    return count;
  }
}
