package io.understudy.controller.text;

import java.time.Duration;
import java.util.Locale;

/** Durations as people read them. */
public final class Spans {
  private Spans() {}

  /**
   * {@code 250 ms}, {@code 4.8 s}, {@code 75 s}, {@code 35 min}, {@code 5 h 3 min}, {@code 2 d}.
   */
  public static String text(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 10_000) {
      long tenths = millis / 100;
      return tenths % 10 == 0
          ? tenths / 10 + " s"
          : String.format(Locale.ROOT, "%d.%d s", tenths / 10, tenths % 10);
    }
    if (duration.toSeconds() < 120) {
      return duration.toSeconds() + " s";
    }
    if (duration.toMinutes() < 120) {
      return duration.toMinutes() + " min";
    }
    if (duration.toHours() < 48) {
      return duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }
    return duration.toDays() + " d " + duration.toHoursPart() + " h";
  }
}
