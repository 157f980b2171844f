package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.spi.DriverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A look at sixteen accounts, with pages from memory. */
class AccountPagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration GAP = Duration.ofMillis(20);

  private final AccountPages accounts = new AccountPages(new Pace(Duration.ofHours(1)), GAP);
  private final List<String> calls = new ArrayList<>();
  private String broken = "none";
  private int status = 503;

  @BeforeEach
  void know() {
    accounts.know(
        IntStream.rangeClosed(1, 16)
            .mapToObj(account -> "U%02d".formatted(account))
            .collect(ImmutableSet.toImmutableSet()));
  }

  private Reply get(String path, Duration timeout) {
    assertThat(timeout).isLessThanOrEqualTo(Duration.ofMillis(1500));
    calls.add(path);
    if (path.contains(broken)) {
      return answer(status, "{}");
    }
    if (path.endsWith("/summary")) {
      return answer(200, "{\"netliquidation\": {\"amount\": 5, \"currency\": \"USD\"}}");
    }
    return answer(200, path.endsWith("/orders") ? "{\"orders\": []}" : "[]");
  }

  private static Reply answer(int status, String text) {
    try {
      return new Reply.Answered(status, JSON.readTree(text), text, Optional.empty());
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private int look() throws DriverException {
    return accounts.read(this::get, () -> true).accounts().size();
  }

  @Test
  void sixteenAccountsAreReadInFourLooksAtAPaceAndStayKnown() throws Exception {
    long before = System.nanoTime();
    assertThat(look()).isEqualTo(4);
    assertThat(calls).hasSize(9);
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isGreaterThanOrEqualTo(GAP.multipliedBy(8));
    assertThat(look()).isEqualTo(8);
    assertThat(look()).isEqualTo(12);
    assertThat(look()).isEqualTo(16);
    assertThat(look()).isEqualTo(16);
    assertThat(calls).hasSize(41);
  }

  @Test
  void anAccountThatCannotBeReadKeepsNoOtherFromIt() throws Exception {
    broken = "/U02/";
    assertThat(look()).isEqualTo(3);
  }

  @Test
  void afterTooManyCallsThereAreNoneForAWhile() {
    broken = "/U02/";
    status = 429;
    assertThatThrownBy(this::look).hasMessageContaining("429");
    int made = calls.size();
    assertThat(calls.getLast()).contains("/U02/");
    assertThatThrownBy(this::look).hasMessageContaining("10 minutes");
    assertThat(calls).hasSize(made);
  }

  @Test
  void aLookThatMayNotGoOnMakesNoFurtherCall() {
    assertThatThrownBy(() -> accounts.read(this::get, () -> calls.size() < 3))
        .hasMessageContaining("cut short");
    assertThat(calls).hasSize(3);
  }
}
