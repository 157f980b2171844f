package io.understudy.controller.output;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.understudy.controller.text.Spans;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as people read them. */
public final class Times {
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private Times() {}

  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  public static Duration duration(com.google.protobuf.Duration duration) {
    return Duration.ofNanos(Durations.toNanos(duration));
  }

  static String dateTime(Timestamp timestamp, ZoneId zone) {
    return DATE_TIME.format(instant(timestamp).atZone(zone));
  }

  public static String time(Instant instant, ZoneId zone) {
    return TIME.format(instant.atZone(zone));
  }

  /** Date, time and age. */
  static String ago(Timestamp then, Timestamp now, ZoneId zone) {
    String text = dateTime(then, zone);
    if (Timestamps.compare(then, now) > 0) {
      return text;
    }
    return text + " (" + Spans.text(Duration.between(instant(then), instant(now))) + " ago)";
  }
}
