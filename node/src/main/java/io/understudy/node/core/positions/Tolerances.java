package io.understudy.node.core.positions;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import java.math.BigDecimal;

/**
 * How far a holding may differ from what is expected, by instrument class.
 *
 * @param byClass instrument class in upper case to tolerance
 * @param otherwise for every other class
 */
@Immutable
public record Tolerances(ImmutableMap<String, BigDecimal> byClass, BigDecimal otherwise) {
  public static final Tolerances EXACT = new Tolerances(ImmutableMap.of(), BigDecimal.ZERO);

  public Tolerances {
    if (otherwise.signum() < 0 || byClass.values().stream().anyMatch(t -> t.signum() < 0)) {
      throw new IllegalArgumentException("tolerance: negative (expected: >= 0)");
    }
  }

  public BigDecimal of(String instrumentClass) {
    return byClass.getOrDefault(instrumentClass, otherwise);
  }
}
