package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.understudy.simulator.http.HttpResponse;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * Portfolio, orders and trades, as far as a cluster looks at them.
 *
 * <p>Rows come from the users file or the control API. Positions need the single sign-on only;
 * orders and trades need the brokerage session. Guarded by the broker's lock.
 */
final class AccountApi {
  private static final int PAGE_ROWS = 100;
  private static final int SMALL_PAGE_ROWS = 30;

  private final Faults faults;
  private final OrderApi orderApi;

  AccountApi(Faults faults) {
    this.faults = faults;
    this.orderApi = new OrderApi(faults);
  }

  Optional<HttpResponse> answer(Call call, SsoSession session) {
    List<String> parts = List.of(call.path().substring(1).split("/", -1));
    return switch (parts.getFirst()) {
      case "portfolio" -> portfolio(call, session.user(), parts);
      case "portfolio2" -> portfolio2(session.user(), parts);
      case "iserver" -> Optional.of(brokerage(call, session));
      default -> Optional.empty();
    };
  }

  private Optional<HttpResponse> portfolio(Call call, User user, List<String> parts) {
    String second = part(parts, 1);
    if (second.equals("accounts") || second.equals("subaccounts")) {
      return Optional.of(HttpResponse.json(200, portfolioAccounts(user)));
    }
    if (!user.accounts().contains(second)) {
      return Optional.of(badAccount());
    }
    return switch (part(parts, 2)) {
      case "positions" -> Optional.of(positions(call, user, second, part(parts, 3)));
      case "summary" -> Optional.of(HttpResponse.json(200, summary(call, user, second)));
      case "ledger" -> Optional.of(HttpResponse.json(200, ledger(call, user, second)));
      case "meta" -> Optional.of(HttpResponse.json(200, account(user, second)));
      case "allocation" -> Optional.of(HttpResponse.json(200, Json.object()));
      default -> Optional.empty();
    };
  }

  private Optional<HttpResponse> portfolio2(User user, List<String> parts) {
    String account = part(parts, 1);
    if (!part(parts, 2).equals("positions")) {
      return Optional.empty();
    }
    if (!user.accounts().contains(account)) {
      return Optional.of(badAccount());
    }
    ArrayNode rows = Json.array();
    user.positions(account).forEach(position -> rows.add(freshRow(position)));
    return Optional.of(HttpResponse.json(200, rows));
  }

  private HttpResponse positions(Call call, User user, String account, String page) {
    if (page.equals("invalidate")) {
      if (!call.post()) {
        return HttpResponse.empty(404);
      }
      user.invalidatePositions(account);
      return HttpResponse.json(200, page(user, account, 0));
    }
    try {
      return HttpResponse.json(
          200, page(user, account, page.isEmpty() ? 0 : Integer.parseInt(page)));
    } catch (NumberFormatException e) {
      return HttpResponse.json(
          400, Json.object().put("error", "Bad Request: page").put("statusCode", 400));
    }
  }

  private ArrayNode page(User user, String account, int number) {
    int rowsMax = faults.active(Fault.Kind.SMALL_PAGES) ? SMALL_PAGE_ROWS : PAGE_ROWS;
    ArrayNode rows = Json.array();
    ArrayNode all = user.cachedPositions(account);
    long start = (long) Math.max(0, number) * rowsMax;
    for (long index = start; index < Math.min(all.size(), start + rowsMax); index++) {
      rows.add(row(account, all.get((int) index)));
    }
    return rows;
  }

  private static ObjectNode row(String account, JsonNode position) {
    BigDecimal quantity = decimal(position, "position");
    BigDecimal price = decimal(position, "mktPrice");
    BigDecimal cost = decimal(position, "avgCost");
    ObjectNode node = Json.object();
    node.put("acctId", account);
    node.put("conid", position.path("conid").asInt());
    node.put("contractDesc", position.path("contractDesc").asText(ticker(position)));
    node.put("position", quantity);
    node.put("mktPrice", price);
    node.put("mktValue", quantity.multiply(price));
    node.put("currency", position.path("currency").asText("USD"));
    node.put("avgCost", cost);
    node.put("avgPrice", cost);
    node.put("realizedPnl", BigDecimal.ZERO);
    node.put("unrealizedPnl", quantity.multiply(price.subtract(cost)));
    node.putNull("exchs");
    node.set("expiry", position.get("expiry"));
    node.set("putOrCall", position.get("putOrCall"));
    node.put("multiplier", decimal(position, "multiplier"));
    node.put("strike", decimal(position, "strike"));
    node.putNull("exerciseStyle");
    node.putArray("conExchMap");
    node.put("assetClass", position.path("assetClass").asText("STK"));
    node.put("undConid", position.path("undConid").asInt(0));
    node.put("model", "");
    node.put("ticker", ticker(position));
    node.put("name", position.path("name").asText(ticker(position)));
    return node;
  }

  private static ObjectNode freshRow(JsonNode position) {
    BigDecimal quantity = decimal(position, "position");
    BigDecimal price = decimal(position, "mktPrice");
    ObjectNode node = Json.object();
    node.put("conid", position.path("conid").asText());
    node.put("description", ticker(position));
    node.put("position", quantity);
    node.put("marketPrice", price);
    node.put("marketValue", quantity.multiply(price));
    node.put("avgCost", decimal(position, "avgCost"));
    node.put("avgPrice", decimal(position, "avgCost"));
    node.put("currency", position.path("currency").asText("USD"));
    node.put("secType", position.path("assetClass").asText("STK"));
    node.put("assetClass", position.path("assetClass").asText("STK"));
    return node;
  }

  /** Numbers may stand as text in the users file, so that none is rounded on its way. */
  private static BigDecimal decimal(JsonNode position, String field) {
    String text = position.path(field).asText("");
    return text.isEmpty() || text.equals("null") ? BigDecimal.ZERO : new BigDecimal(text);
  }

  private static String ticker(JsonNode position) {
    return position.path("ticker").asText(position.path("conid").asText());
  }

  private static ArrayNode portfolioAccounts(User user) {
    ArrayNode rows = Json.array();
    user.accounts().forEach(account -> rows.add(account(user, account)));
    return rows;
  }

  private static ObjectNode account(User user, String id) {
    ObjectNode node = Json.object();
    node.put("id", id).put("accountId", id).put("accountVan", id).put("displayName", id);
    node.put("accountTitle", "Simulated account").putNull("accountAlias");
    node.put("accountStatus", 0)
        .put("currency", "USD")
        .put("type", user.paper() ? "DEMO" : "INDIVIDUAL");
    node.put("tradingType", "STKNOPT")
        .put("businessType", "INDEPENDENT")
        .put("ibEntity", "IBLLC-US");
    node.put("faclient", false).put("clearingStatus", "O").put("brokerageAccess", true);
    node.put("acctCustType", "INDIVIDUAL").put("desc", id);
    node.putObject("parent")
        .put("isMParent", false)
        .put("isMChild", false)
        .put("isMultiplex", false);
    return node;
  }

  private static BigDecimal marketValue(User user, String account) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode position : user.positions(account)) {
      sum = sum.add(decimal(position, "position").multiply(decimal(position, "mktPrice")));
    }
    return sum;
  }

  private static BigDecimal grossValue(User user, String account) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode position : user.positions(account)) {
      sum = sum.add(decimal(position, "position").multiply(decimal(position, "mktPrice")).abs());
    }
    return sum;
  }

  /** A few of IBKR's keys, as it writes them; all positions count as in dollars. */
  private static ObjectNode summary(Call call, User user, String account) {
    BigDecimal cash = user.cash(account);
    BigDecimal worth = cash.add(marketValue(user, account));
    ObjectNode node = Json.object();
    node.set("accountcode", told(call, account));
    node.set("netliquidation", amount(call, worth));
    node.set("equitywithloanvalue", amount(call, worth));
    node.set("totalcashvalue", amount(call, cash));
    node.set("grosspositionvalue", amount(call, grossValue(user, account)));
    return node;
  }

  private static ObjectNode amount(Call call, BigDecimal amount) {
    return Json.object()
        .put("amount", amount)
        .put("currency", "USD")
        .put("isNull", false)
        .put("timestamp", call.at().toEpochMilli())
        .putNull("value")
        .put("severity", 0);
  }

  /** A key that holds a word has an amount all the same, of nothing. */
  private static ObjectNode told(Call call, String value) {
    return Json.object()
        .put("amount", 0.0)
        .putNull("currency")
        .put("isNull", false)
        .put("timestamp", call.at().toEpochMilli())
        .put("value", value)
        .put("severity", 0);
  }

  private static ObjectNode ledger(Call call, User user, String account) {
    ObjectNode node = Json.object();
    node.putObject("BASE")
        .put("stockmarketvalue", marketValue(user, account))
        .put("cashbalance", BigDecimal.ZERO)
        .put("currency", "BASE")
        .put("timestamp", call.at().getEpochSecond())
        .put("key", "LedgerList")
        .put("secondkey", "BASE");
    return node;
  }

  private HttpResponse brokerage(Call call, SsoSession session) {
    if (session.brokerage() != SsoSession.Brokerage.HELD) {
      return SessionApi.noBrokerageSession();
    }
    if (call.path().equals("/iserver/account/trades")) {
      return HttpResponse.json(200, session.user().trades());
    }
    return orderApi
        .answer(call, session)
        .orElseGet(() -> HttpResponse.json(404, Json.object().put("error", "not simulated")));
  }

  private static HttpResponse badAccount() {
    return HttpResponse.json(
        400, Json.object().put("error", "Bad Request: unknown account").put("statusCode", 400));
  }

  private static String part(List<String> parts, int index) {
    return index < parts.size() ? parts.get(index) : "";
  }
}
