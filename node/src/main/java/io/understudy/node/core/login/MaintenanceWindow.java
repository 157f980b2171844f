package io.understudy.node.core.login;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * A time of the week in which IBKR resets and no login is tried.
 *
 * @param days the days on which the window begins
 * @param from local begin, inclusive
 * @param to local end, exclusive; not after {@code from} means: on the next day
 * @param zone where those times hold
 */
@Immutable
public record MaintenanceWindow(
    ImmutableSet<DayOfWeek> days,
    LocalTime from,
    LocalTime to,
    @SuppressWarnings("Immutable") ZoneId zone) {

  public boolean contains(Instant wall) {
    ZonedDateTime local = wall.atZone(zone);
    LocalTime time = local.toLocalTime();
    DayOfWeek day = local.getDayOfWeek();
    if (from.isBefore(to)) {
      return days.contains(day) && !time.isBefore(from) && time.isBefore(to);
    }
    return (days.contains(day) && !time.isBefore(from))
        || (days.contains(day.minus(1)) && time.isBefore(to));
  }

  @Override
  public String toString() {
    return from + " to " + to + " " + zone;
  }
}
