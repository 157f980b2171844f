package io.understudy.node.driver.clientportal;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.account.AccountFigures;
import io.understudy.node.core.account.AccountReading;
import io.understudy.node.core.account.HighWaterMarks;
import io.understudy.node.spi.DriverException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads what the accounts are worth and what became of their orders, with as few calls as it takes:
 * the accounts are those of the last reconciliation, and orders are asked for no more often than
 * IBKR allows. For one thread.
 */
final class AccountPages {
  /** For all calls together: whatever comes behind on the same lane waits for it. */
  static final Duration READ_MAX = Duration.ofSeconds(4);

  private static final int PAGES_MAX = 50;

  private final Pace orderCalls;
  private final OrderTally orders = new OrderTally();
  private ImmutableSet<String> accounts = ImmutableSet.of();

  /**
   * @param orderCalls shared by all who ask for orders
   */
  AccountPages(Pace orderCalls) {
    this.orderCalls = orderCalls;
  }

  /** A login begins: orders of former sessions may be missing from now on. */
  void beginSession() {
    accounts = ImmutableSet.of();
    orders.beginSession();
  }

  /** The accounts that the session has, as read by the reconciliation. */
  void know(ImmutableSet<String> found) {
    accounts = found;
  }

  AccountReading read(GatewayCalls calls) throws DriverException {
    if (accounts.isEmpty()) {
      throw DriverException.transientError(
          "The accounts are not known: they are read with the positions, by a reconciliation");
    }
    Countdown deadline = Countdown.of(READ_MAX);
    ImmutableList.Builder<AccountFigures> figures = ImmutableList.builder();
    for (String account : accounts.stream().limit(HighWaterMarks.ACCOUNTS_MAX).toList()) {
      figures(calls, account, deadline).ifPresent(figures::add);
    }
    boolean known = readOrders(calls, deadline);
    return new AccountReading(figures.build(), orders.counts(), known);
  }

  private static Optional<AccountFigures> figures(
      GatewayCalls calls, String account, Countdown deadline) throws DriverException {
    JsonNode summary =
        Portfolio.ok(
            calls.get("/v1/api/portfolio/" + account + "/summary", left(deadline)),
            "the account's summary");
    JsonNode value = summary.path("netliquidation");
    String currency = value.path("currency").asText("");
    if (!value.path("amount").isNumber()
        || value.path("isNull").asBoolean(false)
        || currency.isEmpty()) {
      return Optional.empty();
    }
    Exposure exposure = exposure(calls, account, currency, deadline);
    return Optional.of(
        new AccountFigures(
            account,
            currency,
            value.path("amount").decimalValue(),
            exposure.known() ? Optional.of(exposure.gross()) : Optional.empty(),
            exposure.known() ? Optional.of(exposure.net()) : Optional.empty()));
  }

  /** A sum over positions; not known once one of them has no value in the account's currency. */
  private record Exposure(BigDecimal gross, BigDecimal net, boolean known) {
    static final Exposure NONE = new Exposure(BigDecimal.ZERO, BigDecimal.ZERO, true);

    Exposure with(JsonNode row, String currency) {
      JsonNode value = row.path("mktValue");
      boolean reckoned = value.isNumber() && row.path("currency").asText("").equals(currency);
      return reckoned
          ? new Exposure(
              gross.add(value.decimalValue().abs()), net.add(value.decimalValue()), known)
          : new Exposure(gross, net, false);
    }
  }

  private static Exposure exposure(
      GatewayCalls calls, String account, String currency, Countdown deadline)
      throws DriverException {
    Exposure exposure = Exposure.NONE;
    for (int page = 0; page < PAGES_MAX; page++) {
      JsonNode rows =
          Portfolio.array(
              calls.get("/v1/api/portfolio/" + account + "/positions/" + page, left(deadline)),
              "the positions");
      if (rows.isEmpty()) {
        return exposure;
      }
      for (JsonNode row : rows) {
        exposure = exposure.with(row, currency);
      }
    }
    throw DriverException.transientError(
        "IBKR shows positions on more than " + PAGES_MAX + " pages; their sum is left out");
  }

  /** The first answer of a session may be empty, and only makes IBKR load the orders. */
  private boolean readOrders(GatewayCalls calls, Countdown deadline) throws DriverException {
    if (!orderCalls.isDue()) {
      return false;
    }
    JsonNode answer =
        Portfolio.ok(calls.get("/v1/api/iserver/account/orders", left(deadline)), "the orders");
    boolean loaded = answer.path("snapshot").asBoolean(false) || !answer.path("orders").isEmpty();
    if (loaded) {
      orders.add(answer.path("orders"));
    }
    return loaded;
  }

  private static Duration left(Countdown deadline) throws DriverException {
    if (deadline.isOver()) {
      throw DriverException.transientError(
          "IBKR took longer than " + READ_MAX.toSeconds() + " s to tell about the account");
    }
    return deadline.left();
  }
}
