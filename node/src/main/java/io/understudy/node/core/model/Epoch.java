package io.understudy.node.core.model;

import com.google.errorprone.annotations.Immutable;

/**
 * The strictly increasing number issued at each claim; at a guarded resource it is the fencing
 * token.
 */
@Immutable
public record Epoch(long number) implements Comparable<Epoch> {
  /** Before the first claim. */
  public static final Epoch NONE = new Epoch(0);

  public Epoch {
    if (number < 0) {
      throw new IllegalArgumentException("epoch: " + number + " (expected: >= 0)");
    }
  }

  public Epoch next() {
    return new Epoch(Math.addExact(number, 1));
  }

  public boolean isAfter(Epoch other) {
    return number > other.number;
  }

  @Override
  public int compareTo(Epoch other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
