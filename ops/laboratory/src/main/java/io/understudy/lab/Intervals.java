package io.understudy.lab;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shortens the waiting times of a monitoring's files, all by the same factor. */
final class Intervals {
  static final int FACTOR = 5;

  private static final Pattern WAITS =
      Pattern.compile(
          "(\\b(?:scrape_interval|scrape_timeout|evaluation_interval|group_wait|group_interval|for): "
              + "|--cluster\\.peer-timeout=)(\\d+)([smh])\\b");

  private Intervals() {}

  /** The text with each of them divided by {@link #FACTOR}; 0 stays 0. */
  static String shortened(String text) {
    return WAITS
        .matcher(text)
        .replaceAll(match ->
            Matcher.quoteReplacement(
                match.group(1)
                    + duration(match.group(2), match.group(3)).dividedBy(FACTOR).toMillis()
                    + "ms"));
  }

  private static Duration duration(String number, String unit) {
    long count = Long.parseLong(number);
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }
}
