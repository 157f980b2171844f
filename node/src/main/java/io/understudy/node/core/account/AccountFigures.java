package io.understudy.node.core.account;

import com.google.errorprone.annotations.Immutable;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * One account as the broker sums it up.
 *
 * @param currency of all amounts: the account's base currency
 * @param netLiquidation what it would be worth in cash
 * @param grossExposure the market values of all positions, added up without their signs; empty when
 *     one of them is not known in that currency
 * @param netExposure the same with their signs
 */
@Immutable
public record AccountFigures(
    String account,
    String currency,
    BigDecimal netLiquidation,
    Optional<BigDecimal> grossExposure,
    Optional<BigDecimal> netExposure) {}
