package io.understudy.controller.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuarterTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final ZoneId HONG_KONG = ZoneId.of("Asia/Hong_Kong");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void theSlotLiesOutsideEveryMaintenanceWindowThatIbkrHasNamed() {
    quarters()
        .forEach(quarter -> {
          ZonedDateTime slot = quarter.slot();
          assertThat(slot.getDayOfWeek()).isEqualTo(DayOfWeek.SATURDAY);
          assertThat(Quarter.of(slot.toInstant())).isEqualTo(quarter);
          // An hour for the drill and its way back.
          assertBetween(slot, NEW_YORK, LocalTime.of(3, 0), LocalTime.of(16, 45));
          assertBetween(slot, BERLIN, LocalTime.of(7, 45), LocalTime.of(22, 0));
          assertBetween(slot, HONG_KONG, LocalTime.of(21, 15), LocalTime.MAX);
        });
  }

  @Test
  void theLineForSystemdNamesTheSameDays() {
    assertThat(Quarter.ON_CALENDAR).isEqualTo("Sat *-02,05,08,11-08..14 15:00:00 UTC");
    quarters()
        .forEach(quarter -> {
          ZonedDateTime slot = quarter.slot();
          assertThat(slot.getMonthValue()).isIn(2, 5, 8, 11);
          assertThat(slot.getDayOfMonth()).isBetween(8, 14);
          assertThat(slot.toLocalTime()).isEqualTo(LocalTime.of(15, 0));
        });
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-14T14:59:59Z, 2026Q4",
    "2026-11-14T15:00:00Z, 2027Q1",
    "2026-12-31T23:59:59Z, 2027Q1",
    "2027-02-13T15:00:00Z, 2027Q2",
  })
  void theNextSlotIsTheFirstThatHasNotBegun(Instant now, String quarter) {
    assertThat(Quarter.nextAfter(now)).hasToString(quarter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2027Q1", "2027q1", "2027-Q1"})
  void aQuarterIsReadAsItIsWritten(String text) {
    assertThat(Quarter.parse(text)).contains(new Quarter(2027, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2027", "Q1", "2027Q5", "27Q1", ""})
  void anythingElseIsNoQuarter(String text) {
    assertThat(Quarter.parse(text)).isEmpty();
  }

  private static void assertBetween(
      ZonedDateTime slot, ZoneId zone, LocalTime after, LocalTime before) {
    ZonedDateTime there = slot.withZoneSameInstant(zone);
    assertThat(there.getDayOfWeek()).isEqualTo(DayOfWeek.SATURDAY);
    assertThat(there.toLocalTime()).isAfter(after).isBefore(before);
    assertThat(there.plusHours(1).toLocalTime()).isBeforeOrEqualTo(before);
  }

  private static Stream<Quarter> quarters() {
    return IntStream.range(2026, 2060)
        .boxed()
        .flatMap(year -> IntStream.rangeClosed(1, 4).mapToObj(n -> new Quarter(year, n)));
  }
}
