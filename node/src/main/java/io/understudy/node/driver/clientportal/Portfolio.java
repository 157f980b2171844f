package io.understudy.node.driver.clientportal;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.config.GatewayConfig.Mode;
import io.understudy.node.core.positions.Position;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Timings;
import io.understudy.node.spi.DriverException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads positions and orders, in the order that IBKR wants: portfolio accounts, then for each its
 * cache dropped and its pages read until an empty one, then brokerage accounts, then orders.
 *
 * <p>A row that is not understood fails the whole reading: a position must never be skipped
 * silently.
 */
final class Portfolio {
  private static final int PAGES_MAX = 200;
  private static final ImmutableSet<String> ORDER_ENDED =
      ImmutableSet.of(
          "filled", "cancelled", "canceled", "apicancelled", "rejected", "expired", "inactive");

  private record Key(String account, String instrument, String instrumentClass) {}

  private final GatewayCalls calls;
  private final Timings timings;
  private final Mode mode;
  private final Pace orderCalls;

  /**
   * @param orderCalls shared by all who ask for orders
   */
  Portfolio(GatewayCalls calls, Timings timings, Mode mode, Pace orderCalls) {
    this.calls = calls;
    this.timings = timings;
    this.mode = mode;
    this.orderCalls = orderCalls;
  }

  ImmutableList<Position> positions(ImmutableSet<String> accounts) throws DriverException {
    Map<Key, BigDecimal> quantities = new LinkedHashMap<>();
    for (String account : accounts) {
      readAccount(account, quantities);
    }
    checkMode();
    return quantities.entrySet().stream()
        .filter(entry -> entry.getValue().signum() != 0)
        .map(entry ->
            new Position(
                entry.getKey().account(),
                entry.getKey().instrument(),
                entry.getKey().instrumentClass(),
                entry.getValue()))
        .collect(ImmutableList.toImmutableList());
  }

  /** Must come before anything else that is asked of the portfolio. */
  ImmutableSet<String> accounts() throws DriverException {
    JsonNode list = array(calls.get("/v1/api/portfolio/accounts", timings.call()), "the accounts");
    ImmutableSet.Builder<String> accounts = ImmutableSet.builder();
    for (JsonNode account : list) {
      String id = account.path("accountId").asText(account.path("id").asText(""));
      if (!id.matches("[\\w.-]+")) {
        throw unreadable("an account without an id");
      }
      accounts.add(id);
    }
    ImmutableSet<String> found = accounts.build();
    if (found.isEmpty()) {
      throw DriverException.transientError("IBKR names no account; it may still be loading them");
    }
    return found;
  }

  private void readAccount(String account, Map<Key, BigDecimal> quantities) throws DriverException {
    String path = "/v1/api/portfolio/" + account + "/positions/";
    var _ = array(calls.post(path + "invalidate", timings.call()), "fresh positions");
    JsonNode previous = null;
    for (int page = 0; page < PAGES_MAX; page++) {
      JsonNode rows = array(calls.get(path + page, timings.call()), "the positions");
      if (rows.isEmpty()) {
        return;
      }
      if (rows.equals(previous)) {
        throw unreadable("the same page of positions twice");
      }
      for (JsonNode row : rows) {
        add(account, row, quantities);
      }
      previous = rows;
    }
    throw unreadable("positions without an end");
  }

  private static void add(String account, JsonNode row, Map<Key, BigDecimal> quantities)
      throws DriverException {
    String instrument = row.path("conid").asText("");
    if (instrument.isBlank()) {
      throw unreadable("a position without a contract");
    }
    String instrumentClass = row.path("assetClass").asText(row.path("secType").asText(""));
    Key key = new Key(row.path("acctId").asText(account), instrument, instrumentClass);
    BigDecimal quantity = quantity(row.path("position"));
    // The same contract may stand in several rows, one for each model portfolio.
    var _ = quantities.merge(key, quantity, BigDecimal::add);
  }

  private static BigDecimal quantity(JsonNode node) throws DriverException {
    try {
      if (node.isNumber() || node.isTextual()) {
        return new BigDecimal(node.asText());
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw unreadable("a position without a quantity");
  }

  /** Must come before orders, and tells whether the account is of the kind that was configured. */
  private void checkMode() throws DriverException {
    JsonNode answer = ok(calls.get("/v1/api/iserver/accounts", timings.call()), "the accounts");
    JsonNode isPaper = answer.path("isPaper");
    if (isPaper.isBoolean() && isPaper.booleanValue() != (mode == Mode.PAPER)) {
      throw DriverException.permanentError(
          isPaper.booleanValue()
              ? "IBKR logged in a paper account and live is configured: correct the username or"
                  + " gateway.mode"
              : "IBKR logged in a live account and paper is configured: correct the username or"
                  + " gateway.mode");
    }
  }

  int openOrders() throws DriverException {
    JsonNode first = orders();
    if (first.path("snapshot").asBoolean(false) || !first.path("orders").isEmpty()) {
      return count(first.path("orders"));
    }
    // The first answer of a session may be empty although orders work.
    return count(orders().path("orders"));
  }

  private JsonNode orders() throws DriverException {
    if (!orderCalls.isDue()) {
      if (!Countdown.of(timings.ordersPause()).pause(timings.ordersPause())) {
        throw DriverException.transientError("Interrupted while reading orders");
      }
      var _ = orderCalls.isDue();
    }
    return ok(calls.get("/v1/api/iserver/account/orders", timings.call()), "the orders");
  }

  private static int count(JsonNode orders) {
    int open = 0;
    for (JsonNode order : orders) {
      String status = order.path("status").asText("").toLowerCase(Locale.ROOT);
      open += ORDER_ENDED.contains(status) ? 0 : 1;
    }
    return open;
  }

  static JsonNode array(Reply reply, String what) throws DriverException {
    JsonNode node = ok(reply, what);
    if (!node.isArray()) {
      throw unreadable("no list instead of " + what);
    }
    return node;
  }

  static JsonNode ok(Reply reply, String what) throws DriverException {
    return switch (reply) {
      case Reply.Failed failed ->
          throw DriverException.transientError(
              "IBKR did not tell " + what + ": " + failed.sentence());
      case Reply.Answered answered when !answered.ok() ->
          throw DriverException.transientError(
              "IBKR did not tell " + what + " (" + answered.status() + ")");
      case Reply.Answered answered when !answered.error().isEmpty() ->
          throw DriverException.transientError(
              "IBKR did not tell " + what + ": " + Redaction.line(answered.error()));
      case Reply.Answered answered -> answered.json();
    };
  }

  private static DriverException unreadable(String what) {
    return DriverException.transientError(
        "IBKR's answer cannot be used for reconciliation: " + what);
  }
}
