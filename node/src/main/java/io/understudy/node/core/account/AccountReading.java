package io.understudy.node.core.account;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;

/**
 * What one look at the broker's account pages showed.
 *
 * @param ordersKnown whether orders were told; the first answer of a brokerage session only makes
 *     IBKR load them
 */
@Immutable
public record AccountReading(
    ImmutableList<AccountFigures> accounts, OrderCounts orders, boolean ordersKnown) {}
