package io.understudy.node.core.positions;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * The result of one comparison.
 *
 * @param compared how many instruments were compared
 * @param discrepancies every difference beyond its tolerance, ordered by account and instrument
 * @param openOrders open orders seen at the broker; 0 when nobody asked, as nothing is expected
 * @param expectedOpenOrders how many the engine expects; −1 when it does not say
 */
@Immutable
public record ReconciliationReport(
    int compared,
    ImmutableList<Discrepancy> discrepancies,
    int openOrders,
    int expectedOpenOrders) {
  public boolean clean() {
    return discrepancies.isEmpty();
  }
}
