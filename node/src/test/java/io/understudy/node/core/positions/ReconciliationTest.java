package io.understudy.node.core.positions;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.math.BigDecimal;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ReconciliationTest {
  private static final Tolerances TOLERANCES =
      new Tolerances(ImmutableMap.of("CASH", new BigDecimal("0.01")), BigDecimal.ZERO);

  /** Positions are written {@code ACCOUNT/INSTRUMENT/CLASS/QUANTITY}, joined by spaces. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          nothing on either side             |                             |                             | 0 |
          the same                           | A/1/STK/10 A/2/STK/-5       | A/2/STK/-5 A/1/STK/10       | 2 |
          the same, written differently      | A/1/STK/10.00               | A/1/STK/1E+1                | 1 |
          more at the broker                 | A/1/STK/10                  | A/1/STK/11                  | 1 | A 1 STK 10 11
          less at the broker                 | A/1/STK/10                  | A/1/STK/9.5                 | 1 | A 1 STK 10 9.5
          short instead of long              | A/1/STK/100                 | A/1/STK/-100                | 1 | A 1 STK 100 -100
          unknown to the engine              |                             | A/1/STK/3                   | 1 | A 1 STK 0 3
          unknown to the broker              | A/1/STK/3                   |                             | 1 | A 1 STK 3 0
          zero and nothing are equal         | A/1/STK/0                   | A/2/STK/0.00                | 0 |
          lines of one holding add up        | A/1/STK/1 A/1/STK/2         | A/1/STK/3                   | 1 |
          lines that cancel out are nothing  | A/1/STK/1 A/1/STK/-1        |                             | 0 |
          accounts do not offset each other  | A/1/STK/1 B/1/STK/2         | A/1/STK/2 B/1/STK/1         | 2 | A 1 STK 1 2, B 1 STK 2 1
          instruments do not either          | A/1/STK/1                   | A/2/STK/1                   | 2 | A 1 STK 1 0, A 2 STK 0 1
          within the tolerance of its class  | A/E/CASH/1.00               | A/E/CASH/1.01               | 1 |
          just beyond the tolerance          | A/E/CASH/1.00               | A/E/CASH/1.0100001          | 1 | A E CASH 1 1.0100001
          the broker names the class         | A/E/XXX/1.00                | A/E/CASH/1.01               | 1 |
          the engine does where it is alone  | A/E/CASH/0.01               |                             | 1 |
          exact where doubles are not        | A/1/STK/0.1 A/1/STK/0.2     | A/1/STK/0.3                 | 1 |
          ordered by account and instrument  |                             | B/1/STK/1 A/2/STK/1 A/1/STK/1 | 3 | A 1 STK 0 1, A 2 STK 0 1, B 1 STK 0 1
          """)
  void differencesBeyondTheToleranceAreReported(
      String name,
      @Nullable String expected,
      @Nullable String actual,
      int compared,
      @Nullable String differences) {
    ReconciliationReport report = compare(positions(expected), positions(actual));

    assertThat(report.compared()).as(name).isEqualTo(compared);
    assertThat(report.discrepancies().stream().map(ReconciliationTest::show))
        .as(name)
        .isEqualTo(differences == null ? List.of() : Splitter.on(", ").splitToList(differences));
    assertThat(report.clean()).as(name).isEqualTo(differences == null);
  }

  @Test
  void theIdIsStableAndDoesNotShowTheAccount() {
    ImmutableList<Position> actual = positions("U7654321/265598/STK/100");

    Discrepancy first = compare(ImmutableList.of(), actual).discrepancies().getFirst();
    Discrepancy again =
        compare(positions("U7654321/265598/STK/0"), positions("U7654321/265598/STK/100.0"))
            .discrepancies()
            .getFirst();

    assertThat(first.id()).matches("265598-[0-9a-f]{6}").isEqualTo(again.id());
    assertThat(first.id()).doesNotContain("7654321");
    assertThat(compare(ImmutableList.of(), positions("U7654322/265598/STK/100")).discrepancies())
        .extracting(Discrepancy::id)
        .doesNotContain(first.id());
    assertThat(compare(ImmutableList.of(), positions("U7654321/265598/STK/101")).discrepancies())
        .extracting(Discrepancy::id)
        .doesNotContain(first.id());
  }

  @Test
  void anIdCanBeTypedWhateverTheInstrumentIsCalled() {
    Position option = new Position("A", "AAPL 18DEC26 'C'", "OPT", BigDecimal.ONE);

    assertThat(
            compare(ImmutableList.of(), ImmutableList.of(option)).discrepancies().getFirst().id())
        .matches("AAPL_18DEC26__C_-[0-9a-f]{6}");
  }

  @Test
  void anAcceptedDiscrepancyIsLeftOutAndAnotherIsNot() {
    ImmutableList<Position> actual = positions("A/1/STK/1 A/2/STK/2");
    Discrepancy first = compare(ImmutableList.of(), actual).discrepancies().getFirst();

    ReconciliationReport report =
        Reconciliation.compare(
            ImmutableList.of(),
            OptionalInt.empty(),
            actual,
            0,
            TOLERANCES,
            ImmutableList.of(first.id(), "unknown-000000"));

    assertThat(report.discrepancies()).extracting(Discrepancy::instrument).containsExactly("2");
    assertThat(report.compared()).isEqualTo(2);
  }

  @Test
  void openOrdersAreComparedOnlyWhereTheEngineSaysHowMany() {
    assertThat(openOrders(OptionalInt.empty(), 3).clean()).isTrue();
    assertThat(openOrders(OptionalInt.empty(), 3).expectedOpenOrders()).isEqualTo(-1);
    assertThat(openOrders(OptionalInt.of(3), 3).clean()).isTrue();
    assertThat(openOrders(OptionalInt.of(0), 3).discrepancies())
        .singleElement()
        .satisfies(discrepancy -> {
          assertThat(discrepancy.id()).matches("open-orders-[0-9a-f]{6}");
          assertThat(discrepancy.difference()).isEqualTo(BigDecimal.valueOf(3));
        });
  }

  private static ReconciliationReport openOrders(OptionalInt expected, int actual) {
    return Reconciliation.compare(
        ImmutableList.of(),
        expected,
        ImmutableList.of(),
        actual,
        Tolerances.EXACT,
        ImmutableList.of());
  }

  private static ReconciliationReport compare(
      ImmutableList<Position> expected, ImmutableList<Position> actual) {
    return Reconciliation.compare(
        expected, OptionalInt.empty(), actual, 0, TOLERANCES, ImmutableList.of());
  }

  private static ImmutableList<Position> positions(@Nullable String text) {
    return Splitter.on(' ')
        .omitEmptyStrings()
        .splitToStream(text == null ? "" : text)
        .map(Splitter.on('/')::splitToList)
        .map(p -> new Position(p.get(0), p.get(1), p.get(2), new BigDecimal(p.get(3))))
        .collect(ImmutableList.toImmutableList());
  }

  private static String show(Discrepancy discrepancy) {
    return String.join(
        " ",
        discrepancy.account(),
        discrepancy.instrument(),
        discrepancy.instrumentClass(),
        discrepancy.expected().toString(),
        discrepancy.actual().toString());
  }
}
