package io.understudy.node.driver.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.primitives.Primitives;
import com.google.common.reflect.TypeToken;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way back from {@link LineWriter}, by the declared types. Strict: what it does not know, it
 * refuses.
 */
final class LineReader {
  private LineReader() {}

  static Object read(JsonNode node, TypeToken<?> type) throws MalformedLineException {
    Class<?> raw = Primitives.wrap(type.getRawType());
    if (raw == Optional.class) {
      return node.isNull() ? Optional.empty() : Optional.of(read(node, argument(type, 0)));
    }
    if (raw.isSealed() && raw.isInterface()) {
      return readRecord(node, TypeToken.of(alternative(node, raw)));
    }
    if (raw.isRecord()) {
      return readRecord(node, type);
    }
    if (raw == ImmutableList.class) {
      return ImmutableList.copyOf(elements(node, type));
    }
    if (raw == ImmutableSet.class) {
      return ImmutableSet.copyOf(elements(node, type));
    }
    if (raw == ImmutableMap.class) {
      return ImmutableMap.copyOf(entries(node, type));
    }
    if (raw == ImmutableSortedMap.class) {
      return sorted(entries(node, type));
    }
    return readScalar(node, raw);
  }

  private static TypeToken<?> argument(TypeToken<?> type, int index) {
    return type.resolveType(type.getRawType().getTypeParameters()[index]);
  }

  private static Class<?> alternative(JsonNode node, Class<?> sealed)
      throws MalformedLineException {
    String name = node.path(LineWriter.TYPE).asText();
    return Shape.alternatives(sealed).stream()
        .filter(permitted -> permitted.getSimpleName().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new MalformedLineException("'" + name + "' is no " + sealed.getSimpleName()));
  }

  private static Object readRecord(JsonNode node, TypeToken<?> type) throws MalformedLineException {
    Shape shape = Shape.of(type.getRawType());
    Object[] components = new Object[shape.parts().size()];
    if (shape.transparent()) {
      components[0] = read(node, type.resolveType(shape.parts().getFirst().type()));
      return make(shape, components);
    }
    if (!node.isObject()) {
      throw new MalformedLineException("no object for " + type);
    }
    refuseUnknown(node, shape);
    for (int i = 0; i < components.length; i++) {
      Shape.Part part = shape.parts().get(i);
      JsonNode value = node.path(part.name());
      components[i] =
          read(
              value.isMissingNode() ? NullNode.getInstance() : value,
              type.resolveType(part.type()));
    }
    return make(shape, components);
  }

  private static void refuseUnknown(JsonNode node, Shape shape) throws MalformedLineException {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      boolean known = shape.parts().stream().anyMatch(part -> part.name().equals(name));
      if (!known && !(shape.named() && name.equals(LineWriter.TYPE))) {
        throw new MalformedLineException("unknown field '" + name + "'");
      }
    }
  }

  private static Object make(Shape shape, Object[] components) throws MalformedLineException {
    try {
      return shape.constructor().newInstance(components);
    } catch (InvocationTargetException e) {
      throw new MalformedLineException("a value is refused: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + shape.constructor(), e);
    }
  }

  private static List<Object> elements(JsonNode node, TypeToken<?> type)
      throws MalformedLineException {
    if (!node.isArray()) {
      throw new MalformedLineException("no array for " + type);
    }
    List<Object> elements = new ArrayList<>();
    for (JsonNode element : node) {
      elements.add(read(element, argument(type, 0)));
    }
    return elements;
  }

  private static Map<Object, Object> entries(JsonNode node, TypeToken<?> type)
      throws MalformedLineException {
    if (!node.isObject()) {
      throw new MalformedLineException("no object for " + type);
    }
    Map<Object, Object> entries = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      Object key = read(TextNode.valueOf(entry.getKey()), argument(type, 0));
      entries.put(key, read(entry.getValue(), argument(type, 1)));
    }
    return entries;
  }

  @SuppressWarnings("unchecked") // The core sorts by nothing but natural order.
  private static ImmutableSortedMap<?, ?> sorted(Map<Object, Object> entries) {
    return ImmutableSortedMap.copyOf(
        entries, Comparator.comparing(key -> (Comparable<Object>) key));
  }

  private static Object readScalar(JsonNode node, Class<?> raw) throws MalformedLineException {
    try {
      if (raw == Boolean.class && node.isBoolean()) {
        return node.booleanValue();
      }
      if (raw == Integer.class && node.canConvertToInt()) {
        return node.intValue();
      }
      if (raw == Long.class && node.canConvertToLong()) {
        return node.longValue();
      }
      if (node.isTextual()) {
        return parse(node.textValue(), raw);
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      throw new MalformedLineException("'" + node.asText() + "' is no " + raw.getSimpleName(), e);
    }
    throw new MalformedLineException("'" + node.asText() + "' is no " + raw.getSimpleName());
  }

  private static Object parse(String text, Class<?> raw) throws MalformedLineException {
    if (raw == String.class) {
      return text;
    } else if (raw.isEnum()) {
      return constant(text, raw);
    } else if (raw == Long.class) {
      return Long.valueOf(text);
    } else if (raw == BigDecimal.class) {
      return new BigDecimal(text);
    } else if (raw == Duration.class) {
      return Duration.parse(text);
    } else if (raw == Instant.class) {
      return Instant.parse(text);
    } else if (raw == LocalTime.class) {
      return LocalTime.parse(text);
    } else if (raw == ZoneId.class) {
      return ZoneId.of(text);
    }
    throw new MalformedLineException("'" + text + "' is no " + raw.getSimpleName());
  }

  private static Object constant(String text, Class<?> type) throws MalformedLineException {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> ((Enum<?>) constant).name().equals(text))
        .findFirst()
        .orElseThrow(
            () -> new MalformedLineException("'" + text + "' is no " + type.getSimpleName()));
  }
}
