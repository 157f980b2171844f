package io.understudy.node.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.google.common.collect.ImmutableMap;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * One line of the log, taken apart.
 *
 * @param logger the class that speaks, without its package
 * @param message the words, without keys
 * @param fields keys with their values, in the order in which they stand in the line
 * @param error the throwable with its causes; empty where there is none
 */
record LogLine(
    Instant time,
    Level level,
    String logger,
    String message,
    ImmutableMap<String, Value> fields,
    String thread,
    Optional<String> error) {
  private static final String OURS = "io.understudy.";
  private static final String GATEWAY = "gateway";
  private static final @Nullable Object[] NONE = {};

  /**
   * A value of a key.
   *
   * @param quoted whether the author put it in quotes
   */
  record Value(String text, boolean quoted) {}

  /** Of an event, with the stack trace as somebody else has printed it. */
  static LogLine of(ILoggingEvent event, String stackTrace) {
    LogTemplate.Parts parts = parts(event);
    Map<String, Value> fields = new LinkedHashMap<>(parts.fields());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        fields.put(pair.key, new Value(String.valueOf(pair.value), false));
      }
    }
    addContext(fields, event.getMDCPropertyMap());
    return new LogLine(
        event.getInstant(),
        event.getLevel(),
        event.getLoggerName().substring(event.getLoggerName().lastIndexOf('.') + 1),
        parts.message(),
        ImmutableMap.copyOf(fields),
        event.getThreadName(),
        Optional.of(stackTrace.strip()).filter(text -> !text.isEmpty()));
  }

  /** Libraries write as they please, so their messages are left whole. */
  private static LogTemplate.Parts parts(ILoggingEvent event) {
    @Nullable Object @Nullable [] arguments = event.getArgumentArray();
    return event.getLoggerName().startsWith(OURS)
        ? LogTemplate.apart(event.getMessage(), arguments == null ? NONE : arguments)
        : new LogTemplate.Parts(event.getFormattedMessage(), Map.of());
  }

  /**
   * What the thread works for; a line about another gateway than that has nothing to do with it.
   */
  private static void addContext(Map<String, Value> fields, Map<String, String> context) {
    Value gateway = fields.get(GATEWAY);
    if (gateway == null || gateway.text().equals(context.get(GATEWAY))) {
      context.forEach((key, value) -> fields.putIfAbsent(key, new Value(value, false)));
    }
  }
}
