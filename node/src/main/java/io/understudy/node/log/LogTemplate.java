package io.understudy.node.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes one of our own messages apart by its template: {@code Changed phase gateway={} to={}} has
 * the words {@code Changed phase} and two keys, whose values are the arguments. Only the template,
 * which an author wrote, is searched for keys; whatever an argument holds stays one value.
 */
final class LogTemplate {
  private static final String PLACE = "{}";
  private static final Pattern KEY =
      Pattern.compile("(?<= |^)([A-Za-z][A-Za-z0-9_.-]*)=(?:\"([^\"]*)\"|([^ \"]+))");

  private final @Nullable Object[] arguments;
  private final Map<String, LogLine.Value> fields = new LinkedHashMap<>();
  private final StringBuilder words = new StringBuilder();
  private int next;

  private LogTemplate(@Nullable Object[] arguments) {
    this.arguments = arguments;
  }

  /** The message without its keys, and the keys in their order. */
  record Parts(String message, Map<String, LogLine.Value> fields) {}

  static Parts apart(String template, @Nullable Object[] arguments) {
    LogTemplate taken = new LogTemplate(arguments);
    Matcher key = KEY.matcher(template);
    int from = 0;
    while (key.find()) {
      taken.words(template.substring(from, key.start()));
      String quoted = key.group(2);
      taken.fields.put(
          key.group(1),
          new LogLine.Value(taken.filled(quoted == null ? key.group(3) : quoted), quoted != null));
      from = key.end();
    }
    taken.words(template.substring(from));
    return new Parts(taken.words.toString(), taken.fields);
  }

  private void words(String text) {
    String filled = filled(text.strip());
    if (!filled.isEmpty()) {
      words.append(words.isEmpty() ? "" : " ").append(filled);
    }
  }

  /** The text with the next arguments in its places; a place without an argument stays. */
  private String filled(String text) {
    StringBuilder result = new StringBuilder();
    int from = 0;
    int place = text.indexOf(PLACE);
    while (place >= 0 && next < arguments.length) {
      result.append(text, from, place).append(arguments[next++]);
      from = place + PLACE.length();
      place = text.indexOf(PLACE, from);
    }
    return result.append(text.substring(from)).toString();
  }
}
