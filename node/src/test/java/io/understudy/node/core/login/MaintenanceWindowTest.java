package io.understudy.node.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

final class MaintenanceWindowTest {
  private static final ZoneId EASTERN = ZoneId.of("America/New_York");

  private static MaintenanceWindow window(String from, String to, DayOfWeek... days) {
    return new MaintenanceWindow(
        ImmutableSet.copyOf(days), LocalTime.parse(from), LocalTime.parse(to), EASTERN);
  }

  /** 2026-03-06 is a Friday; the clocks of New York spring forward on Sunday the 8th at 02:00. */
  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(EASTERN).toInstant();
  }

  @Test
  void theBeginBelongsToTheWindowAndTheEndDoesNot() {
    MaintenanceWindow window = window("00:15", "01:45", DayOfWeek.FRIDAY);
    assertThat(window.contains(at("2026-03-06T00:14:59"))).isFalse();
    assertThat(window.contains(at("2026-03-06T00:15:00"))).isTrue();
    assertThat(window.contains(at("2026-03-06T01:44:59"))).isTrue();
    assertThat(window.contains(at("2026-03-06T01:45:00"))).isFalse();
    assertThat(window.contains(at("2026-03-05T01:00:00"))).isFalse();
  }

  @Test
  void aWindowOverMidnightBelongsToTheDayOnWhichItBegins() {
    MaintenanceWindow window = window("23:00", "03:00", DayOfWeek.FRIDAY);
    assertThat(window.contains(at("2026-03-06T22:59:59"))).isFalse();
    assertThat(window.contains(at("2026-03-06T23:00:00"))).isTrue();
    assertThat(window.contains(at("2026-03-07T02:59:59"))).isTrue();
    assertThat(window.contains(at("2026-03-07T03:00:00"))).isFalse();
    assertThat(window.contains(at("2026-03-06T02:00:00"))).isFalse();
  }

  @Test
  void equalTimesMeanAWholeDay() {
    MaintenanceWindow window = window("12:00", "12:00", DayOfWeek.FRIDAY);
    assertThat(window.contains(at("2026-03-06T12:00:00"))).isTrue();
    assertThat(window.contains(at("2026-03-07T11:59:59"))).isTrue();
    assertThat(window.contains(at("2026-03-07T12:00:00"))).isFalse();
  }

  @Test
  void itFollowsTheClocksOfItsZone() {
    MaintenanceWindow window = window("01:00", "04:00", DayOfWeek.SUNDAY);
    // 06:30 UTC is 01:30 before the clocks spring forward, 07:30 UTC is 03:30 after it.
    assertThat(window.contains(Instant.parse("2026-03-08T06:30:00Z"))).isTrue();
    assertThat(window.contains(Instant.parse("2026-03-08T07:30:00Z"))).isTrue();
    assertThat(window.contains(Instant.parse("2026-03-08T08:00:00Z"))).isFalse();
  }
}
