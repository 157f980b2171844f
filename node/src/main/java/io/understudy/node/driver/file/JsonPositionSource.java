package io.understudy.node.driver.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.node.core.positions.Position;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.PositionSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Expected positions from a JSON file: an array of {@code {"account", "instrument", "class",
 * "quantity"}}, or an object {@code {"positions": […], "openOrders": n}}. Read anew at each call;
 * the engine should replace the file by renaming a new one, so that it is never read half-written.
 */
public final class JsonPositionSource implements PositionSource {
  private static final ImmutableSet<String> FIELDS =
      ImmutableSet.of("account", "instrument", "class", "quantity");
  private static final ImmutableSet<String> TOP_FIELDS = ImmutableSet.of("positions", "openOrders");

  private final ObjectMapper mapper =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();
  private final Path file;

  public JsonPositionSource(Path file) {
    this.file = file;
  }

  @Override
  public Expected expected() throws DriverException {
    JsonNode root = parse(PositionFile.read(file));
    if (root.isArray()) {
      return new Expected(positions(root), OptionalInt.empty());
    }
    if (!root.path("positions").isArray()) {
      throw DriverException.permanentError(
          file + ": holds no list of positions (expected: [...] or {\"positions\": [...]})");
    }
    refuseUnknown(file.toString(), root, TOP_FIELDS);
    return new Expected(positions(root.path("positions")), openOrders(root));
  }

  private JsonNode parse(String text) throws DriverException {
    try {
      return mapper.readTree(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw DriverException.permanentError(
          file
              + ", line "
              + line
              + ": not valid JSON, or a field that stands twice (write it anew)");
    }
  }

  private OptionalInt openOrders(JsonNode root) throws DriverException {
    JsonNode value = root.path("openOrders");
    if (value.isMissingNode()) {
      return OptionalInt.empty();
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 0) {
      throw DriverException.permanentError(file + ", openOrders: (expected: a whole number >= 0)");
    }
    return OptionalInt.of(value.intValue());
  }

  private ImmutableList<Position> positions(JsonNode array) throws DriverException {
    ImmutableList.Builder<Position> positions = ImmutableList.builder();
    int number = 0;
    for (JsonNode entry : array) {
      number++;
      String where = file + ", position " + number;
      if (!entry.isObject()) {
        throw DriverException.permanentError(where + ": no object (expected: {...})");
      }
      refuseUnknown(where, entry, FIELDS);
      positions.add(
          PositionFile.position(
              where,
              text(where, entry, "account"),
              text(where, entry, "instrument"),
              text(where, entry, "class"),
              text(where, entry, "quantity")));
    }
    return positions.build();
  }

  private static String text(String where, JsonNode entry, String field) throws DriverException {
    JsonNode value = entry.path(field);
    if (value.isMissingNode()) {
      throw DriverException.permanentError(where + ", " + field + ": missing");
    }
    if (!value.isTextual() && !value.isNumber()) {
      throw DriverException.permanentError(
          where + ", " + field + ": neither text nor number (expected: one of them)");
    }
    return value.asText();
  }

  private static void refuseUnknown(String where, JsonNode entry, ImmutableSet<String> known)
      throws DriverException {
    for (Map.Entry<String, JsonNode> field : entry.properties()) {
      if (!known.contains(field.getKey())) {
        throw DriverException.permanentError(
            where
                + ", "
                + field.getKey()
                + ": unknown field (known: "
                + String.join(", ", known)
                + ")");
      }
    }
  }
}
