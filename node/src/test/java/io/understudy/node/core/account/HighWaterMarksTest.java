package io.understudy.node.core.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.GuardedWrite;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HighWaterMarksTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:00:00Z");

  private static AccountFigures worth(String account, String currency, String value) {
    return new AccountFigures(
        account, currency, new BigDecimal(value), Optional.empty(), Optional.empty());
  }

  private static HighWaterMarks after(AccountFigures... figures) {
    HighWaterMarks marks = HighWaterMarks.NONE;
    for (AccountFigures each : figures) {
      marks = marks.raisedBy(ImmutableList.of(each), AT);
    }
    return marks;
  }

  @Test
  void aMarkOnlyRises() {
    HighWaterMarks marks = after(worth("U1", "USD", "100"), worth("U1", "USD", "120"));
    assertThat(marks.of("U1").orElseThrow().netLiquidation()).isEqualByComparingTo("120");
    assertThat(marks.raisedBy(ImmutableList.of(worth("U1", "USD", "119.99")), AT)).isSameAs(marks);
    assertThat(marks.raisedBy(ImmutableList.of(worth("U1", "USD", "120.00")), AT)).isSameAs(marks);
  }

  @Test
  void marksThatCannotBeReadAreNeverRaised() {
    ImmutableList<AccountFigures> figures = ImmutableList.of(worth("U1", "USD", "100"));
    assertThat(HighWaterMarks.UNREADABLE.raisedBy(figures, AT)).isSameAs(HighWaterMarks.UNREADABLE);
    assertThatThrownBy(() -> new GuardedWrite.MarksUpdate(HighWaterMarks.UNREADABLE, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void drawdownIsMeasuredInPercentOfTheMark() {
    HighWaterMarks marks = after(worth("U1", "USD", "200"));
    assertThat(marks.drawdownPercent(worth("U1", "USD", "190")).orElseThrow())
        .isEqualByComparingTo("5");
    assertThat(marks.drawdownPercent(worth("U1", "USD", "210")).orElseThrow())
        .isEqualByComparingTo("0");
    assertThat(marks.drawdownPercent(worth("U1", "USD", "-20")).orElseThrow())
        .isEqualByComparingTo("110");
  }

  @Test
  void thereIsNoDrawdownFromAnUnknownOrWorthlessMarkOrOneInAnotherCurrency() {
    HighWaterMarks marks = after(worth("U1", "USD", "0"), worth("U2", "EUR", "100"));
    assertThat(marks.drawdownPercent(worth("U1", "USD", "-5"))).isEmpty();
    assertThat(marks.drawdownPercent(worth("U2", "USD", "50"))).isEmpty();
    assertThat(marks.drawdownPercent(worth("U3", "USD", "50"))).isEmpty();
  }

  @Test
  void anAccountThatReckonsInAnotherCurrencyBeginsAnew() {
    HighWaterMarks marks = after(worth("U1", "USD", "100"), worth("U1", "EUR", "80"));
    assertThat(marks.of("U1").orElseThrow().currency()).isEqualTo("EUR");
    assertThat(marks.of("U1").orElseThrow().netLiquidation()).isEqualByComparingTo("80");
  }

  @Test
  void anAccountKeepsItsNumberAndThereAreNoMoreThanSixteen() {
    HighWaterMarks marks = after(worth("U9", "USD", "1"), worth("U1", "USD", "1"));
    for (int account = 100; account < 130; account++) {
      marks = marks.raisedBy(ImmutableList.of(worth("U" + account, "USD", "1")), AT);
    }
    marks = marks.raisedBy(ImmutableList.of(worth("U1", "USD", "7")), AT);
    assertThat(marks.marks()).hasSize(HighWaterMarks.ACCOUNTS_MAX);
    assertThat(marks.number("U9")).contains(1);
    assertThat(marks.number("U1")).contains(2);
    assertThat(marks.number("U129")).isEmpty();
  }
}
