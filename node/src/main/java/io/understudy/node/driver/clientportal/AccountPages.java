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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the accounts are worth and what became of their orders, with as few calls as it takes,
 * far below what IBKR allows: the accounts are those of the last reconciliation, a few of them with
 * each look in turn, and orders are asked for no more often than IBKR allows. For one thread.
 */
final class AccountPages {
  /** Between two calls: three per second, where IBKR allows ten to all programs together. */
  static final Duration CALL_GAP = Duration.ofMillis(334);

  static final int ACCOUNTS_PER_LOOK = 4;

  private static final Logger LOG = LoggerFactory.getLogger(AccountPages.class);

  /** For all calls of a look together. */
  private static final Duration READ_MAX = Duration.ofSeconds(10);

  /** For one call: whatever comes behind on the same lane waits for it. */
  private static final Duration CALL_MAX = Duration.ofMillis(1500);

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration QUIET = Duration.ofMinutes(10);
  private static final int PAGES_MAX = 50;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Pace orderCalls;
  private final Duration gap;
  private final OrderTally orders = new OrderTally();
  private ImmutableList<String> accounts = ImmutableList.of();

  /** What each account showed when it was last its turn. */
  private final Map<String, AccountFigures> figures = new LinkedHashMap<>();

  private int next;
  private Countdown gapLeft = Countdown.of(Duration.ZERO);
  private Countdown quiet = Countdown.of(Duration.ZERO);

  /** The gateway's pages. */
  interface Pages {
    Reply get(String path, Duration timeout);
  }

  /** One look: where it reads, and whether it may go on. */
  private record Look(Pages pages, BooleanSupplier mayGoOn, Countdown deadline) {}

  /**
   * @param orderCalls shared by all who ask for orders
   */
  AccountPages(Pace orderCalls, Duration gap) {
    this.orderCalls = orderCalls;
    this.gap = gap;
  }

  /** A login begins: orders of former sessions may be missing from now on. */
  void beginSession() {
    know(ImmutableSet.of());
    orders.beginSession();
  }

  /** The accounts that the session has, as read by the reconciliation. */
  void know(ImmutableSet<String> found) {
    accounts =
        found.stream().limit(HighWaterMarks.ACCOUNTS_MAX).collect(ImmutableList.toImmutableList());
    figures.keySet().retainAll(found);
  }

  AccountReading read(Pages pages, BooleanSupplier mayGoOn) throws DriverException {
    if (accounts.isEmpty()) {
      throw DriverException.transientError(
          "The accounts are not known: they are read with the positions, by a reconciliation");
    }
    Look look = new Look(pages, mayGoOn, Countdown.of(READ_MAX));
    boolean known = readOrders(look);
    Optional<DriverException> failure = readFigures(look);
    if (failure.isPresent() && figures.isEmpty()) {
      throw failure.get();
    }
    return new AccountReading(ImmutableList.copyOf(figures.values()), orders.counts(), known);
  }

  /** Those whose turn it is; one that cannot be read is left out and keeps no other from it. */
  private Optional<DriverException> readFigures(Look look) throws DriverException {
    Optional<DriverException> failure = Optional.empty();
    int turns = Math.min(ACCOUNTS_PER_LOOK, accounts.size());
    for (int turn = 0; turn < turns && !look.deadline().isOver(); turn++) {
      String account = accounts.get(next++ % accounts.size());
      figures.remove(account);
      try {
        figures(look, account).ifPresent(read -> figures.put(account, read));
      } catch (DriverException e) {
        endIfOver(look, e);
        LOG.debug("Left out an account reason=\"{}\"", e.getMessage());
        failure = Optional.of(e);
      }
    }
    return failure;
  }

  private void endIfOver(Look look, DriverException e) throws DriverException {
    if (!quiet.isOver() || !look.mayGoOn().getAsBoolean()) {
      throw e;
    }
  }

  private Optional<AccountFigures> figures(Look look, String account) throws DriverException {
    JsonNode summary =
        Portfolio.ok(
            get(look, "/v1/api/portfolio/" + account + "/summary"), "the account's summary");
    JsonNode value = summary.path("netliquidation");
    String currency = value.path("currency").asText("");
    if (!value.path("amount").isNumber()
        || value.path("isNull").asBoolean(false)
        || currency.isEmpty()) {
      return Optional.empty();
    }
    Exposure exposure = exposure(look, account, currency);
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

  private Exposure exposure(Look look, String account, String currency) throws DriverException {
    Exposure exposure = Exposure.NONE;
    for (int page = 0; page < PAGES_MAX; page++) {
      JsonNode rows =
          Portfolio.array(
              get(look, "/v1/api/portfolio/" + account + "/positions/" + page), "the positions");
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
  private boolean readOrders(Look look) throws DriverException {
    if (!orderCalls.isDue()) {
      return false;
    }
    JsonNode answer;
    try {
      answer = Portfolio.ok(get(look, "/v1/api/iserver/account/orders"), "the orders");
    } catch (DriverException e) {
      endIfOver(look, e);
      LOG.debug("Left out the orders reason=\"{}\"", e.getMessage());
      return false;
    }
    boolean loaded = answer.path("snapshot").asBoolean(false) || !answer.path("orders").isEmpty();
    if (loaded) {
      orders.add(answer.path("orders"));
    }
    return loaded;
  }

  /** After a pause that keeps the pace; none once the look may not go on, or IBKR had too many. */
  private Reply get(Look look, String path) throws DriverException {
    if (!quiet.isOver()) {
      throw DriverException.transientError(
          "IBKR was asked too often (429) and is left in peace for "
              + QUIET.toMinutes()
              + " minutes");
    }
    while (look.mayGoOn().getAsBoolean() && !gapLeft.isOver()) {
      if (!gapLeft.pause(PAUSE)) {
        throw DriverException.transientError("The look at the account was interrupted");
      }
    }
    if (!look.mayGoOn().getAsBoolean()) {
      throw DriverException.transientError("The look at the account was cut short");
    }
    if (look.deadline().isOver()) {
      throw DriverException.transientError(
          "IBKR took longer than " + READ_MAX.toSeconds() + " s to tell about the account");
    }
    gapLeft = Countdown.of(gap);
    Reply reply = look.pages().get(path, look.deadline().left(CALL_MAX));
    if (reply instanceof Reply.Answered answered && answered.status() == TOO_MANY_REQUESTS) {
      quiet = Countdown.of(QUIET);
    }
    return reply;
  }
}
