package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.gateway.LoginResult;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the login page's words mean. Pure. */
final class PageText {
  static final String SUCCESS = "Client login succeeds";

  private record Phrase(Pattern pattern, LoginResult.Kind kind, String meaning) {
    static Phrase of(String pattern, LoginResult.Kind kind, String meaning) {
      return new Phrase(Pattern.compile(pattern), kind, meaning);
    }
  }

  /** In this order: a text about a lock also mentions failed logins. */
  private static final ImmutableList<Phrase> PHRASES =
      ImmutableList.of(
          Phrase.of(
              "locked|too many (failed|login|attempts)|too many .{0,20}attempts",
              LoginResult.Kind.LOCKED_OUT,
              "IBKR has locked this username"),
          Phrase.of(
              "correct login mode|account mode",
              LoginResult.Kind.WRONG_MODE,
              "IBKR says that this username does not belong to the chosen mode: correct the"
                  + " username or gateway.mode"),
          Phrase.of(
              "notification .{0,20}(expired|timed out|denied|rejected)",
              LoginResult.Kind.SECOND_FACTOR_MISSED,
              "Nobody confirmed the notification in time"),
          Phrase.of(
              "(incorrect|invalid|wrong) (security |authentication |one-time )?code",
              LoginResult.Kind.CODE_REFUSED,
              "IBKR refused the one-time code: check the secret file and this machine's clock"),
          Phrase.of(
              "^failed$|(invalid|incorrect|wrong) (username|user name|password|credentials)"
                  + "|username or password|login failed|authentication failed",
              LoginResult.Kind.CREDENTIALS_REFUSED,
              "IBKR refused username or password: check both secret files"),
          Phrase.of(
              "maintenance|server restart|servers? not ready|not available|unavailable"
                  + "|login has expired",
              LoginResult.Kind.NO_ANSWER,
              "IBKR cannot log anybody in at the moment"));

  private static final Pattern AWAY =
      Pattern.compile(
          "server restart|servers? not ready|maintenance|unavailable|bad gateway|gateway time-?out"
              + "|internal server error|err_[a-z_]+");

  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}(?::\\d{2})?)(?:\\.\\d+)?\\s?(Z|UTC|GMT)?");
  private static final Pattern SPAN =
      Pattern.compile("(?:in|for|after) (\\d{1,4}) (second|minute|hour|day)");
  private static final ZoneId IBKR_ZONE = ZoneId.of("America/New_York");

  private PageText() {}

  /** The result that an error text stands for; empty when the words are not known. */
  static Optional<LoginResult> verdict(String text, Instant now) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    return PHRASES.stream()
        .filter(phrase -> phrase.pattern().matcher(lower).find())
        .findFirst()
        .map(phrase -> result(phrase, text, now));
  }

  /** Whether a page without a form says that IBKR or the gateway is away for a while. */
  static boolean saysAway(String text) {
    return AWAY.matcher(text.toLowerCase(Locale.ROOT)).find();
  }

  private static LoginResult result(Phrase phrase, String text, Instant now) {
    if (phrase.kind() != LoginResult.Kind.LOCKED_OUT) {
      return LoginResult.of(phrase.kind(), phrase.meaning());
    }
    Optional<Instant> until = lockEnd(text, now);
    return new LoginResult(
        phrase.kind(), phrase.meaning() + until.map(end -> " until " + end).orElse(""), until);
  }

  private static Optional<Instant> lockEnd(String text, Instant now) {
    Matcher date = DATE.matcher(text);
    if (date.find()) {
      try {
        LocalDateTime local = LocalDateTime.parse(date.group(1) + "T" + date.group(2));
        // Without a zone it is IBKR's own, which is also the later reading.
        return Optional.of(
            local.atZone(date.group(3) == null ? IBKR_ZONE : ZoneOffset.UTC).toInstant());
      } catch (DateTimeException _) {
        return Optional.empty();
      }
    }
    Matcher span = SPAN.matcher(text.toLowerCase(Locale.ROOT));
    return span.find() ? Optional.of(now.plus(length(span))) : Optional.empty();
  }

  private static Duration length(Matcher span) {
    long count = Long.parseLong(span.group(1));
    return switch (span.group(2)) {
      case "second" -> Duration.ofSeconds(count);
      case "minute" -> Duration.ofMinutes(count);
      case "hour" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
