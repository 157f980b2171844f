package io.understudy.node.core.positions;

import com.google.errorprone.annotations.Immutable;
import java.math.BigDecimal;

/**
 * One difference between what the engine expects and what the broker holds.
 *
 * @param id stable name that an operator accepts: the same difference has the same id in every
 *     comparison
 */
@Immutable
public record Discrepancy(
    String id,
    String account,
    String instrument,
    String instrumentClass,
    BigDecimal expected,
    BigDecimal actual,
    BigDecimal tolerance) {
  public BigDecimal difference() {
    return actual.subtract(expected);
  }
}
