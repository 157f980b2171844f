package io.understudy.node.driver.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Values of the core as JSON, by what they are: a record is an object with its components, an
 * alternative of a sealed interface has its simple name as {@code type}, a record of one component
 * stands for that component, and what is empty is left out. Numbers with a point, times and
 * durations are strings, because those are exact.
 */
final class LineWriter {
  static final String TYPE = "type";
  private static final String ACCOUNT = "account";

  private final JsonGenerator out;
  private final UnaryOperator<String> mask;

  LineWriter(JsonGenerator out, UnaryOperator<String> mask) {
    this.out = out;
    this.mask = mask;
  }

  void write(Object value) throws IOException {
    switch (value) {
      case Optional<?> optional -> writeOptional(optional);
      case Map<?, ?> map -> writeMap(map);
      case Collection<?> collection -> writeCollection(collection);
      case Record structure -> writeRecord(structure);
      case Boolean truth -> out.writeBoolean(truth);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      default -> out.writeString(text(value));
    }
  }

  private static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Enum<?> constant -> constant.name();
      case Long number -> number.toString();
      case BigDecimal number -> number.toString();
      case Duration duration -> duration.toString();
      case Instant instant -> instant.toString();
      case LocalTime time -> time.toString();
      case ZoneId zone -> zone.getId();
      default -> throw new IllegalStateException("no JSON for " + value.getClass());
    };
  }

  private void writeOptional(Optional<?> optional) throws IOException {
    if (optional.isPresent()) {
      write(optional.orElseThrow());
    } else {
      out.writeNull();
    }
  }

  private void writeCollection(Collection<?> collection) throws IOException {
    out.writeStartArray();
    for (Object element : collection) {
      write(element);
    }
    out.writeEndArray();
  }

  private void writeMap(Map<?, ?> map) throws IOException {
    out.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.writeFieldName(key(entry.getKey()));
      write(entry.getValue());
    }
    out.writeEndObject();
  }

  private static String key(Object key) {
    if (!(key instanceof Record)) {
      return text(key);
    }
    Shape shape = Shape.of(key.getClass());
    if (!shape.transparent()) {
      throw new IllegalStateException("no JSON key for " + key.getClass());
    }
    return key(shape.parts().getFirst().of(key));
  }

  private void writeRecord(Record value) throws IOException {
    Shape shape = Shape.of(value.getClass());
    if (shape.transparent()) {
      write(shape.parts().getFirst().of(value));
      return;
    }
    out.writeStartObject();
    if (shape.named()) {
      out.writeStringField(TYPE, value.getClass().getSimpleName());
    }
    for (Shape.Part part : shape.parts()) {
      Object component = part.of(value);
      if (!component.equals(Optional.empty())) {
        out.writeFieldName(part.name());
        write(part.name().equals(ACCOUNT) ? mask.apply((String) component) : component);
      }
    }
    out.writeEndObject();
  }
}
