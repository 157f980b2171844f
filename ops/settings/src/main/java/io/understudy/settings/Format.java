package io.understudy.settings;

import com.google.common.base.CaseFormat;
import com.google.common.base.Splitter;
import com.google.common.net.HostAndPort;
import java.math.BigDecimal;
import java.net.URI;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a value is written: parsed, described, and printed.
 *
 * @param expected completes "(expected: …)"
 * @param placeholder stands in while reading goes on after a mistake; never seen by the program
 */
public record Format<T>(
    String expected, T placeholder, Parser<T> parser, Function<T, String> printer) {
  private static final Pattern DURATION_FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  public static final Format<String> TEXT = text("a text", text -> !text.isBlank());
  public static final Format<String> NAME =
      text("1 to 32 of a-z 0-9 -, beginning with a letter", "[a-z][a-z0-9-]{0,31}");
  public static final Format<Boolean> TRUTH =
      new Format<>("true or false", false, Format::truth, value -> value.toString());
  public static final Format<Duration> DURATION =
      new Format<>(
          "a duration like 500ms, 6s, 2m", Duration.ZERO, Format::duration, Format::printDuration);
  public static final Format<HostAndPort> ADDRESS =
      new Format<>(
          "HOST:PORT",
          HostAndPort.fromParts("localhost", 1),
          Format::address,
          HostAndPort::toString);
  public static final Format<String> CONNECT =
      text(
          "HOST:PORT,HOST:PORT,…",
          text -> Splitter.on(',').splitToStream(text).allMatch(Format::isAddress));
  public static final Format<BigDecimal> QUANTITY =
      new Format<>("a number >= 0", BigDecimal.ZERO, Format::quantity, BigDecimal::toPlainString);
  public static final Format<LocalTime> TIME =
      new Format<>(
          "a time of day like \"00:15\"", LocalTime.MIN, LocalTime::parse, LocalTime::toString);
  public static final Format<ZoneId> ZONE =
      new Format<>(
          "a time zone like America/New_York", ZoneId.of("UTC"), ZoneId::of, ZoneId::getId);
  public static final Format<DayOfWeek> DAY =
      new Format<>(
          "Mon, Tue, Wed, Thu, Fri, Sat or Sun",
          DayOfWeek.MONDAY,
          text -> only(DayOfWeek.class, text, Format::printDay),
          Format::printDay);
  public static final Format<URI> HTTP_URI =
      new Format<>(
          "https://HOST or http://HOST:PORT",
          URI.create("http://localhost"),
          Format::httpUri,
          URI::toString);

  /** Reads a text. */
  public interface Parser<T> {
    /**
     * Returns the value; throws {@link IllegalArgumentException} or {@link DateTimeException} when
     * the text is not of the form.
     *
     * @throws Rejected with a sentence of its own
     */
    T parse(String text) throws Rejected;
  }

  /** The form is right and the value still cannot be used; the message is the whole sentence. */
  public static final class Rejected extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    public Rejected(String sentence) {
      super(sentence);
      this.sentence = sentence;
    }

    public String sentence() {
      return sentence;
    }
  }

  public T parse(String text) throws Rejected {
    try {
      return parser.parse(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new Rejected(sentence(text));
    }
  }

  public String sentence(String found) {
    return found + " (expected: " + expected + ")";
  }

  public String print(T value) {
    return printer.apply(value);
  }

  /** The same form with a narrower range. */
  public Format<T> within(String range, Predicate<T> holds) {
    return new Format<>(
        range,
        placeholder,
        text -> {
          T value = parser.parse(text);
          if (!holds.test(value)) {
            throw new IllegalArgumentException(text);
          }
          return value;
        },
        printer);
  }

  public static Format<Duration> durationWithin(Duration min, Duration max) {
    return DURATION.within(
        "a duration from " + printDuration(min) + " to " + printDuration(max),
        value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0);
  }

  public static Format<Integer> integer(int min, int max) {
    return new Format<>(min + " to " + max, min, Integer::valueOf, value -> value.toString())
        .within(min + " to " + max, value -> value >= min && value <= max);
  }

  public static Format<String> text(String expected, String pattern) {
    return text(expected, Pattern.compile(pattern).asMatchPredicate());
  }

  public static Format<String> text(String expected, Predicate<String> holds) {
    return new Format<>(expected, "placeholder", text -> text, text -> text)
        .within(expected, holds);
  }

  /** The constants of an enum, written in lower case with hyphens. */
  public static <E extends Enum<E>> Format<E> oneOf(Class<E> type) {
    E[] constants = type.getEnumConstants();
    String expected =
        Arrays.stream(constants).map(Format::printConstant).collect(Collectors.joining(", "));
    return new Format<>(
        expected,
        constants[0],
        text -> only(type, text, Format::printConstant),
        Format::printConstant);
  }

  /**
   * An address of PostgreSQL without credentials.
   *
   * @param credentials where they belong, e.g. "them in user-file and password-file"
   */
  public static Format<String> postgresqlUrl(String credentials) {
    return new Format<>(
        "jdbc:postgresql://HOST:PORT/DATABASE",
        "jdbc:postgresql:",
        text -> {
          String lower = text.toLowerCase(Locale.ROOT);
          if (lower.contains("password=") || lower.contains("user=") || text.contains("@")) {
            throw new Rejected("contains credentials (expected: " + credentials + ")");
          }
          if (!text.startsWith("jdbc:postgresql://")) {
            throw new IllegalArgumentException("no PostgreSQL URL");
          }
          return text;
        },
        url -> url);
  }

  public static String printConstant(Enum<?> constant) {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_HYPHEN, constant.name());
  }

  public static String printDuration(Duration value) {
    long millis = value.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }

  private static <E extends Enum<E>> E only(
      Class<E> type, String text, Function<E, String> printer) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> printer.apply(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(text));
  }

  private static String printDay(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION_FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      default -> Duration.ofHours(count);
    };
  }

  private static HostAndPort address(String text) {
    HostAndPort address = HostAndPort.fromString(text);
    if (!address.hasPort() || address.getPort() == 0 || address.getHost().isBlank()) {
      throw new IllegalArgumentException(text);
    }
    return address;
  }

  private static boolean isAddress(String text) {
    try {
      return address(text).hasPort();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static BigDecimal quantity(String text) {
    BigDecimal value = new BigDecimal(text);
    if (value.signum() < 0 || value.precision() > 40 || Math.abs(value.scale()) > 20) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  private static URI httpUri(String text) throws Rejected {
    URI uri = URI.create(text);
    boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    if (uri.getUserInfo() != null) {
      throw new Rejected("contains credentials (expected: an address without them)");
    }
    if (!http || uri.getHost() == null) {
      throw new IllegalArgumentException(text);
    }
    return uri;
  }
}
