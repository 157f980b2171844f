package io.understudy.simulator.broker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** JSON trees and the values that stand in them. */
final class Json {
  private static final ObjectMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern DURATION = Pattern.compile("([0-9]+)(ms|s|m|h|d)");

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Reads an object; empty text is an empty object. */
  static ObjectNode parseObject(String text) {
    if (text.isBlank()) {
      return object();
    }
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new BadInputException("the body is not JSON: " + e.getOriginalMessage());
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new BadInputException("the body is not a JSON object");
  }

  static List<String> strings(JsonNode array) {
    List<String> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asText()));
    return values;
  }

  /** Reads {@code 250ms}, {@code 10s}, {@code 6m}, {@code 24h} or {@code 1d}. */
  static Duration duration(String text) {
    boolean negative = text.startsWith("-");
    Matcher matcher = DURATION.matcher(negative ? text.substring(1) : text);
    if (!matcher.matches()) {
      throw new BadInputException(text + " (expected: a duration such as 250ms, 10s or 6m)");
    }
    long count = Long.parseLong(matcher.group(1));
    Duration value =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          case "d" -> Duration.ofDays(count);
          default -> throw new AssertionError(matcher.group(2));
        };
    return negative ? value.negated() : value;
  }
}
