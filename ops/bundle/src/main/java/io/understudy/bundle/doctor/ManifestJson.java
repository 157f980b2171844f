package io.understudy.bundle.doctor;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.util.List;

/**
 * The JSON form of a manifest. The order is that of the records and lists, so that the same
 * manifest gives the same bytes; reading is strict.
 */
public final class ManifestJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addModule(new SimpleModule().addDeserializer(ImmutableList.class, new Lists()))
          .build();
  private static final ObjectWriter WRITER = MAPPER.writer(printer());

  private ManifestJson() {}

  /** With a line end at its end. */
  public static String write(HostManifest manifest) {
    try {
      return WRITER.writeValueAsString(manifest) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest holds only texts, numbers and lists", e);
    }
  }

  /**
   * Reads it again.
   *
   * @throws IllegalArgumentException when it is none, with a clause that says where and why
   */
  public static HostManifest read(String json) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      int version = tree.path("version").asInt(0);
      if (version != HostManifest.VERSION) {
        throw new IllegalArgumentException(
            "version: %s (expected: %d; a newer bundle needs a newer understudy)"
                .formatted(tree.path("version"), HostManifest.VERSION));
      }
      return MAPPER.treeToValue(tree, HostManifest.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  private static DefaultPrettyPrinter printer() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
  }

  /** Guava's lists, of whatever the record says. */
  private static final class Lists extends JsonDeserializer<ImmutableList<?>>
      implements ContextualDeserializer {
    private final JavaType type;

    Lists() {
      this(TypeFactory.defaultInstance().constructCollectionType(List.class, Object.class));
    }

    private Lists(JavaType type) {
      this.type = type;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, BeanProperty property) {
      JavaType element = context.getContextualType().containedTypeOrUnknown(0);
      return new Lists(context.getTypeFactory().constructCollectionType(List.class, element));
    }

    @Override
    public ImmutableList<?> deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      List<?> elements = context.readValue(parser, type);
      return ImmutableList.copyOf(elements);
    }
  }
}
