package io.understudy.controller.drill;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A quarter of a year, and the slot in it that a drill is meant for: 10:00 in New York on the
 * second Saturday of its middle month. Always the same, so that everybody can know it.
 *
 * <p>A Saturday, because no exchange trades then whose positions would move, apart from those of
 * crypto currencies. IBKR's weekend maintenance lasts from Friday 23:00 to Saturday 03:00 New York
 * time, older pages name windows of Saturday until 09:00 and from 16:45; the slot is 10:00 there,
 * in summer 11:00, and a working hour from San Francisco to Berlin. UTC, because a small host may
 * know no other zone. The middle month, because quarters end and most derivatives expire in the
 * last one.
 *
 * @param number 1 to 4
 */
public record Quarter(int year, int number) {
  /** The same slot for systemd. */
  public static final String ON_CALENDAR = "Sat *-02,05,08,11-08..14 15:00:00 UTC";

  private static final LocalTime TIME = LocalTime.of(15, 0);
  private static final Pattern FORM = Pattern.compile("(2[0-9]{3})-?[Qq]([1-4])");

  public Quarter {
    if (number < 1 || number > 4) {
      throw new IllegalArgumentException("number: " + number + " (expected: 1 to 4)");
    }
  }

  /** Reads {@code 2027Q1}, also in the form {@code 2027-q1}; empty when it is neither. */
  public static Optional<Quarter> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Quarter(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** The one that the moment lies in, counted in UTC. */
  public static Quarter of(Instant instant) {
    LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
    return new Quarter(day.getYear(), (day.getMonthValue() - 1) / 3 + 1);
  }

  public Quarter next() {
    return number == 4 ? new Quarter(year + 1, 1) : new Quarter(year, number + 1);
  }

  public ZonedDateTime slot() {
    LocalDate day =
        LocalDate.of(year, number * 3 - 1, 1)
            .with(TemporalAdjusters.dayOfWeekInMonth(2, DayOfWeek.SATURDAY));
    return day.atTime(TIME).atZone(ZoneOffset.UTC);
  }

  /** The next slot that has not begun. */
  public static Quarter nextAfter(Instant now) {
    Quarter current = of(now);
    return current.slot().toInstant().isAfter(now) ? current : current.next();
  }

  @Override
  public String toString() {
    return year + "Q" + number;
  }
}
