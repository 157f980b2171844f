package io.understudy.node.core.positions;

import com.google.errorprone.annotations.Immutable;
import java.math.BigDecimal;
import java.util.Locale;

/**
 * One holding.
 *
 * @param account the full account id (never logged)
 * @param instrument the contract's key: IBKR's conid where known, else the symbol
 * @param instrumentClass STK, OPT, FUT, CASH, CRYPTO, …: selects the tolerance
 * @param quantity signed, exact
 */
@Immutable
public record Position(
    String account, String instrument, String instrumentClass, BigDecimal quantity) {
  public Position {
    if (account.isBlank() || instrument.isBlank()) {
      throw new IllegalArgumentException("position without account or instrument");
    }
    instrumentClass = instrumentClass.toUpperCase(Locale.ROOT);
    quantity = quantity.stripTrailingZeros();
  }
}
