package io.understudy.node.driver.clientportal;

import com.fasterxml.jackson.databind.JsonNode;
import io.understudy.node.core.account.OrderCounts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts orders out of the lists that IBKR shows, each order once. What stands in the first list of
 * a brokerage session was there before somebody looked: it is remembered, not counted, for a new
 * leader must not count the day's orders again. For one thread.
 */
final class OrderTally {
  private static final int ORDERS_REMEMBERED_MAX = 10_000;

  /** An order only moves on in this list: one that is inactive now and then was refused once. */
  private enum State {
    OPEN,
    ENDED,
    REJECTED,
    FILLED
  }

  private final Map<String, State> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
          return size() > ORDERS_REMEMBERED_MAX;
        }
      };
  private boolean firstList = true;
  private OrderCounts counts = OrderCounts.NONE;

  /** The next list is the first of a session. */
  void beginSession() {
    firstList = true;
  }

  OrderCounts counts() {
    return counts;
  }

  void add(JsonNode orders) {
    for (JsonNode order : orders) {
      String id = order.path("orderId").asText("");
      if (!id.isEmpty()) {
        add(id, state(order.path("status").asText("")));
      }
    }
    firstList = false;
  }

  private void add(String id, State shown) {
    State before = seen.get(id);
    State state = before != null && before.compareTo(shown) > 0 ? before : shown;
    seen.put(id, state);
    boolean fresh = before == null && !firstList;
    boolean turned = before == null ? fresh : before != state;
    counts =
        new OrderCounts(
            counts.submitted() + (fresh ? 1 : 0),
            counts.filled() + (turned && state == State.FILLED ? 1 : 0),
            counts.rejected() + (turned && state == State.REJECTED ? 1 : 0));
  }

  /** IBKR shows an order that was refused as inactive. */
  private static State state(String status) {
    return switch (status.toLowerCase(Locale.ROOT)) {
      case "filled" -> State.FILLED;
      case "inactive", "rejected" -> State.REJECTED;
      case "cancelled", "canceled", "apicancelled", "expired" -> State.ENDED;
      default -> State.OPEN;
    };
  }
}
