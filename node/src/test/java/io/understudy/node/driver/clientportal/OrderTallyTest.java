package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.understudy.node.core.account.OrderCounts;
import org.junit.jupiter.api.Test;

class OrderTallyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OrderTally tally = new OrderTally();

  /** A list of {@code id=status}. */
  private OrderCounts after(String... orders) throws JsonProcessingException {
    StringBuilder rows = new StringBuilder("[");
    for (String order : orders) {
      String[] parts = order.split("=", 2);
      rows.append(rows.length() == 1 ? "" : ",")
          .append("{\"orderId\": %s, \"status\": \"%s\"}".formatted(parts[0], parts[1]));
    }
    tally.add(JSON.readTree(rows.append("]").toString()));
    return tally.counts();
  }

  @Test
  void whatStoodThereAtTheFirstLookIsNotCountedButWhatBecomesOfItIs() throws Exception {
    assertThat(after("1=Submitted", "2=Filled", "3=Inactive")).isEqualTo(OrderCounts.NONE);
    assertThat(after("1=Filled", "2=Filled", "3=Inactive")).isEqualTo(new OrderCounts(0, 1, 0));
  }

  @Test
  void eachOrderIsCountedOnceInEachState() throws Exception {
    assertThat(after()).isEqualTo(OrderCounts.NONE);
    assertThat(after("1=PreSubmitted")).isEqualTo(new OrderCounts(1, 0, 0));
    assertThat(after("1=Submitted", "2=Inactive")).isEqualTo(new OrderCounts(2, 0, 1));
    assertThat(after("1=Filled", "2=Inactive")).isEqualTo(new OrderCounts(2, 1, 1));
    assertThat(after("1=Filled", "2=Inactive", "3=Filled")).isEqualTo(new OrderCounts(3, 2, 1));
    assertThat(after("4=Cancelled")).isEqualTo(new OrderCounts(4, 2, 1));
  }

  @Test
  void anOrderThatTurnsInactiveAgainAndAgainWasRefusedOnce() throws Exception {
    assertThat(after()).isEqualTo(OrderCounts.NONE);
    assertThat(after("1=Inactive")).isEqualTo(new OrderCounts(1, 0, 1));
    assertThat(after("1=Submitted")).isEqualTo(new OrderCounts(1, 0, 1));
    assertThat(after("1=Inactive")).isEqualTo(new OrderCounts(1, 0, 1));
    assertThat(after("1=Filled")).isEqualTo(new OrderCounts(1, 1, 1));
  }

  @Test
  void aNewSessionBeginsWithAFirstLookAndForgetsNothing() throws Exception {
    var _ = after();
    assertThat(after("1=Submitted")).isEqualTo(new OrderCounts(1, 0, 0));
    tally.beginSession();
    assertThat(after("1=Submitted", "7=Submitted")).isEqualTo(new OrderCounts(1, 0, 0));
    assertThat(after("1=Filled", "7=Submitted", "8=Submitted")).isEqualTo(new OrderCounts(2, 1, 0));
  }
}
