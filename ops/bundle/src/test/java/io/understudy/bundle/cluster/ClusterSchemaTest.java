package io.understudy.bundle.cluster;

import static io.understudy.bundle.cluster.ClusterFileTest.FULL;
import static io.understudy.bundle.cluster.ClusterFileTest.MINIMAL;
import static io.understudy.bundle.cluster.ClusterFileTest.SAMPLE;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.settings.Format;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The schema that editors use says what the reader says, as far as a schema can. */
final class ClusterSchemaTest {
  private static final Path SCHEMA = SAMPLE.resolveSibling("cluster.schema.json");
  private static final ImmutableMap<String, Class<? extends Enum<?>>> ENUMS =
      ImmutableMap.<String, Class<? extends Enum<?>>>builder()
          .put("hosts.*.role", HostRole.class)
          .put("log.format", Log.Format.class)
          .put("log.level", Log.Level.class)
          .put("drills.unattended", Drills.Unattended.class)
          .put("gateways.*.driver", Gateway.Driver.class)
          .put("gateways.*.mode", Gateway.Mode.class)
          .put("gateways.*.second-factor", Gateway.SecondFactor.class)
          .put("gateways.*.competing-session", Gateway.SessionPolicy.class)
          .put("gateways.*.maintenance-region", GatewayReader.MaintenanceRegion.class)
          .put("gateways.*.positions.source", GatewayReader.Source.class)
          .put("gateways.*.client-portal.browser", GatewayReader.Browser.class)
          .put("operators.*.role", Operator.Role.class)
          .buildOrThrow();

  private final Map<String, JsonNode> byPath = new TreeMap<>();
  private JsonNode schema;

  @BeforeEach
  void walkTheSchema() throws Exception {
    schema = new ObjectMapper().readTree(SCHEMA.toFile());
    walk("", schema);
  }

  private void walk(String path, JsonNode node) {
    if (!path.isEmpty() && !path.endsWith("[]")) {
      byPath.put(path, node);
    }
    node.path("properties")
        .properties()
        .forEach(
            entry -> walk((path.isEmpty() ? "" : path + ".") + entry.getKey(), entry.getValue()));
    if (node.path("additionalProperties").isObject()) {
      walk(path + ".*", node.get("additionalProperties"));
    }
    if (node.path("items").has("properties")) {
      walk(path + "[]", node.get("items"));
    }
  }

  /** With a star for what the author of the file named. */
  private static String general(String path) {
    return path.replaceFirst("^(hosts|gateways|operators)\\.[^.]+", "$1.*")
        .replaceAll("\\[\\d+]", "[]");
  }

  @Test
  void schemaAndReaderKnowTheSameKeys() throws Exception {
    TreeSet<String> known = new TreeSet<>();
    ClusterFileTest.read(FULL).keys().forEach(path -> known.add(general(path)));

    assertThat(byPath.keySet()).containsExactlyElementsOf(known);
  }

  @Test
  void schemaAndReaderHaveTheSameDefaults() throws Exception {
    ClusterFileTest.read(MINIMAL)
        .effective()
        .forEach((path, value) -> {
          JsonNode standard = requireNonNull(byPath.get(general(path))).path("default");
          if (!standard.isMissingNode()) {
            assertThat(standard.asText()).as(path).isEqualTo(value);
          }
        });
    assertThat(byPath.values().stream().filter(node -> node.has("default"))).hasSize(26);
  }

  @Test
  void schemaAndReaderKnowTheSameWords() {
    byPath.forEach((path, node) -> {
      if (node.has("enum")) {
        assertThat(ENUMS).as("an enumeration without a row in this test").containsKey(path);
        assertThat(texts(node.get("enum")))
            .as(path)
            .containsExactlyElementsOf(
                Arrays.stream(requireNonNull(ENUMS.get(path)).getEnumConstants())
                    .map(Format::printConstant)
                    .toList());
      }
    });
  }

  @Test
  void everyKeyIsDescribed() {
    byPath.forEach((path, node) -> {
      assertThat(node.path("description").asText()).as(path).endsWith(".");
    });
  }

  @Test
  void goodFilesPassTheSchema() throws Exception {
    for (Path file : List.of(SAMPLE, FULL, MINIMAL)) {
      List<String> complaints = new ArrayList<>();
      check("", new YAMLMapper().readTree(file.toFile()), schema, complaints);
      assertThat(complaints).as(file.toString()).isEmpty();
    }
  }

  @Test
  void aTypingMistakeDoesNot() throws Exception {
    List<String> complaints = new ArrayList<>();
    Path broken = FULL.resolveSibling("broken").resolve("everything-at-once.yaml");
    check("", new YAMLMapper().readTree(broken.toFile()), schema, complaints);

    assertThat(complaints)
        .containsExactly(
            "cluter: unknown",
            "hosts.gamma.role: witnes",
            "gateways.live.mode: lve",
            "cluster: missing");
  }

  /** As much of JSON Schema as this one uses, but for conditions. */
  private static void check(String path, JsonNode value, JsonNode schema, List<String> complaints) {
    switch (schema.path("type").asText()) {
      case "object" -> checkObject(path, value, schema, complaints);
      case "array" -> value.forEach(item -> check(path, item, schema.path("items"), complaints));
      case "integer" -> {
        boolean holds =
            value.isIntegralNumber()
                && value.asLong() >= schema.path("minimum").asLong(Long.MIN_VALUE)
                && value.asLong() <= schema.path("maximum").asLong(Long.MAX_VALUE);
        complain(holds, path + ": " + value.asText(), complaints);
      }
      case "boolean" -> complain(value.isBoolean(), path + ": " + value.asText(), complaints);
      default -> {
        boolean holds =
            value.isTextual()
                && matches(value.asText(), schema)
                && (!schema.has("enum")
                    || texts(schema.get("enum")).anyMatch(value.asText()::equals));
        complain(holds, path + ": " + value.asText(), complaints);
      }
    }
  }

  private static void checkObject(
      String path, JsonNode value, JsonNode schema, List<String> complaints) {
    value
        .properties()
        .forEach(entry -> {
          String below = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
          JsonNode known = schema.path("properties").path(entry.getKey());
          JsonNode named = schema.path("additionalProperties");
          if (known.isMissingNode() && !named.isObject()) {
            complaints.add(below + ": unknown");
            return;
          }
          complain(
              matches(entry.getKey(), schema.path("propertyNames")), below + ": name", complaints);
          check(below, entry.getValue(), known.isMissingNode() ? named : known, complaints);
        });
    texts(schema.path("required"))
        .forEach(key -> complain(value.has(key), key + ": missing", complaints));
  }

  private static boolean matches(String text, JsonNode schema) {
    return !schema.has("pattern")
        || Pattern.compile(schema.get("pattern").asText()).matcher(text).find();
  }

  private static void complain(boolean holds, String complaint, List<String> complaints) {
    if (!holds) {
      complaints.add(complaint);
    }
  }

  private static Stream<String> texts(JsonNode array) {
    ImmutableList.Builder<String> all = ImmutableList.builder();
    array.forEach(item -> all.add(item.asText()));
    return all.build().stream();
  }
}
