package io.understudy.node.core.model;

import com.google.errorprone.annotations.Immutable;

/**
 * Names one effect of this process's life, so that its outcome finds the decision that asked for
 * it.
 */
@Immutable
public record EffectId(long number) implements Comparable<EffectId> {
  @Override
  public int compareTo(EffectId other) {
    return Long.compare(number, other.number);
  }
}
