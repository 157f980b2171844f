package io.understudy.node.driver.clientportal;

import java.util.regex.Pattern;

/** Takes out of foreign text what could be a secret or name a person or an account. */
final class Redaction {
  private static final int LENGTH_MAX = 200;
  private static final String GONE = "[...]";
  private static final Pattern NAMED_VALUE =
      Pattern.compile(
          "(?i)\\b(set-cookie|cookie|xyzab[\\w.]*|userid|user[_ ]?name|user|jsessionid|session\\w*|"
              + "token|password|sslpwd|st|k|code|response)\\b(\"?\\s*[=:]\\s*)\\S+.*");
  private static final Pattern EMAIL = Pattern.compile("[\\w.+-]+@[\\w.-]+");
  private static final Pattern ACCOUNT = Pattern.compile("\\b[A-Z]{1,3}\\d{5,}\\b");
  private static final Pattern LONG_TOKEN =
      Pattern.compile("\\b(?=[\\w+/-]*\\d)[\\w+/-]{12,}={0,2}");
  private static final Pattern DIGITS = Pattern.compile("\\d{5,}");

  private Redaction() {}

  /** A line of the gateway's own output, fit for our log and our messages. */
  static String line(String text) {
    String masked = NAMED_VALUE.matcher(text.strip()).replaceFirst("$1$2" + GONE);
    masked = LONG_TOKEN.matcher(page(masked)).replaceAll(GONE);
    return masked.length() <= LENGTH_MAX ? masked : masked.substring(0, LENGTH_MAX) + "...";
  }

  /** Visible text of a page: people, accounts and codes are masked, words stay. */
  static String page(String text) {
    String masked = EMAIL.matcher(text).replaceAll(GONE);
    masked = ACCOUNT.matcher(masked).replaceAll(GONE);
    return DIGITS.matcher(masked).replaceAll(GONE);
  }

  /** The same with the user name masked wherever it occurs. */
  static String page(String text, String username) {
    String named =
        username.isBlank()
            ? text
            : Pattern.compile(Pattern.quote(username), Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .replaceAll("[user]");
    return page(named);
  }
}
