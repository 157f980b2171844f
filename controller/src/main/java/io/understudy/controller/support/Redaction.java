package io.understudy.controller.support;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of a text, in two ways that do not rely on each other: by what is known of this
 * host's secrets, wherever they stand and in whatever form, and by what a secret looks like.
 */
public final class Redaction {
  static final String REMOVED = "[removed]";
  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\\z)",
          Pattern.DOTALL);

  /**
   * Up to the end of a value in quotes, where something ends behind it; of any other to the line's,
   * since a secret may have blanks and commas in it. Where a secret lies is no secret.
   */
  private static final Pattern KEYED =
      Pattern.compile(
          "(?im)((?:password|passwd|secret|token|private-?key|preshared-?key)[\\w.-]*"
              + "\\\\{0,9}[\"']?[ \\t]*[:=][ \\t]*+)"
              + "(?!([\"']?)/(?:etc|run|var|usr|opt|srv|home|root)(?:/[\\w.@-]++){1,50}\\2"
              + "[ \\t]*(?:[,}\\])]|\\r?$))"
              + "(?:\"[^\"\\\\\\n]*+(?:\\\\.[^\"\\\\\\n]*+){0,200}\"(?=[\\s,;})\\]]|\\z)"
              + "|'[^'\\n]*+'(?=[\\s,;})\\]]|\\z)"
              + "|[^\\r\\n]++)");

  private static final ImmutableList<Pattern> LOOKS =
      ImmutableList.of(
          Pattern.compile("otpauth://[^\\s\"']+"),
          // Whoever knows the address of a webhook may post to it.
          Pattern.compile("(?i)(?<=\\burl[\"']?[ \\t]{0,9}:[ \\t]{0,9}[\"']?)https?://[^\\s\"']+"),
          Pattern.compile("(?<=://)[^/\\s:@\"']+:[^/\\s@\"']+(?=@)"),
          Pattern.compile("(?i)(?<=\\bbearer )[^\\s\"']+"),
          // A bot of Telegram's.
          Pattern.compile("\\b\\d{6,12}:[A-Za-z0-9_-]{30,}"));

  private final ImmutableList<String> known;

  public Redaction(Secrets secrets) {
    known =
        secrets.forms().stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .collect(toImmutableList());
  }

  public String apply(String text) {
    String result = text;
    for (String secret : known) {
      result = result.replace(secret, REMOVED);
    }
    result = PRIVATE_KEY.matcher(result).replaceAll(REMOVED);
    for (Pattern look : LOOKS) {
      result = look.matcher(result).replaceAll(REMOVED);
    }
    return KEYED.matcher(result).replaceAll("$1" + Matcher.quoteReplacement(REMOVED));
  }
}
