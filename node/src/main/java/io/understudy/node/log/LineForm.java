package io.understudy.node.log;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** How a line is written. Each form ends it with a line feed. */
enum LineForm {
  /** For a file or a screen: time, level, class, words, {@code key=value}. */
  TEXT {
    @Override
    String print(LogLine line) {
      return TIME.format(line.time()) + " " + padded(line.level()) + " " + body(line);
    }
  },

  /** As {@link #TEXT}, without what the journal of systemd keeps itself. */
  JOURNAL_TEXT {
    @Override
    String print(LogLine line) {
      return ServiceJournal.marked(line.level(), body(line));
    }
  },

  /** One object a line, with the same names in each. */
  JSON {
    @Override
    String print(LogLine line) {
      return object(line);
    }
  },

  /** As {@link #JSON}; the journal takes the mark away again. */
  JOURNAL_JSON {
    @Override
    String print(LogLine line) {
      return ServiceJournal.marked(line.level(), object(line));
    }
  };

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int LEVEL_WIDTH = 5;

  abstract String print(LogLine line);

  private static String padded(Level level) {
    String name = level.toString();
    return name + " ".repeat(Math.max(0, LEVEL_WIDTH - name.length()));
  }

  private static String body(LogLine line) {
    StringBuilder text = new StringBuilder(line.logger()).append(' ').append(plain(line.message()));
    for (Map.Entry<String, LogLine.Value> field : line.fields().entrySet()) {
      LogLine.Value value = field.getValue();
      text.append(' ').append(field.getKey()).append('=');
      text.append(value.quoted() || needsQuotes(value.text()) ? quoted(value) : value.text());
    }
    text.append('\n');
    line.error().ifPresent(error -> text.append(error).append('\n'));
    return text.toString();
  }

  private static boolean needsQuotes(String value) {
    return value.isEmpty()
        || value
            .chars()
            .anyMatch(c -> c <= ' ' || c == '"' || c == '=' || Character.isISOControl(c));
  }

  private static String quoted(LogLine.Value value) {
    return '"' + plain(value.text()).replace("\"", "\\\"") + '"';
  }

  /** On one line: a value cannot make a line of its own. */
  private static String plain(String text) {
    StringBuilder result = new StringBuilder();
    text.chars()
        .forEach(c -> {
          switch (c) {
            case '\n' -> result.append("\\n");
            case '\r' -> result.append("\\r");
            case '\t' -> result.append("\\t");
            default -> result.append(Character.isISOControl(c) ? "\\u%04x".formatted(c) : (char) c);
          }
        });
    return result.toString();
  }

  private static String object(LogLine line) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("time", TIME.format(line.time()));
      json.writeStringField("level", line.level().toString());
      json.writeStringField("logger", line.logger());
      json.writeStringField("message", line.message());
      json.writeObjectFieldStart("fields");
      for (Map.Entry<String, LogLine.Value> field : line.fields().entrySet()) {
        json.writeStringField(field.getKey(), field.getValue().text());
      }
      json.writeEndObject();
      json.writeStringField("thread", line.thread());
      json.writeStringField("error", line.error().orElse(""));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }
}
