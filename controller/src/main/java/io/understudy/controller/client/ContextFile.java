package io.understudy.controller.client;

import io.understudy.controller.text.Nearest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Reads and writes the file of contexts. Strict: an unknown key is an error that names the nearest
 * known one, and all problems are reported at once.
 */
public final class ContextFile {
  private static final String CURRENT = "current-context";
  private static final String CONTEXTS = "contexts";
  private static final String ENDPOINTS = "endpoints";
  private static final String CERTIFICATE = "certificate";
  private static final String KEY = "key";
  private static final String AUTHORITY = "authority";
  private static final List<String> TOP_KEYS = List.of(CURRENT, CONTEXTS);
  private static final List<String> CONTEXT_KEYS = List.of(ENDPOINTS, CERTIFICATE, KEY, AUTHORITY);

  private final Path file;
  private final List<String> problems = new ArrayList<>();

  private ContextFile(Path file) {
    this.file = file;
  }

  /** The option, else {@code UNDERSTUDY_CONFIG}, else the user's configuration folder. */
  public static Path locate(Optional<Path> option, Map<String, String> environment, Path home) {
    if (option.isPresent()) {
      return option.get();
    }
    String named = environment.getOrDefault("UNDERSTUDY_CONFIG", "");
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    String folder = environment.getOrDefault("XDG_CONFIG_HOME", "");
    Path base = folder.isEmpty() ? home.resolve(".config") : Path.of(folder);
    return base.resolve("understudy").resolve("config.yaml");
  }

  /** Reads the file; without one there are no contexts. */
  public static Contexts readOrEmpty(Path file) {
    return Files.exists(file) ? read(file) : new Contexts(file, Optional.empty(), Map.of());
  }

  /** Reads the file, which has to exist. */
  public static Contexts read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw Failure.usage(
          file
              + ": no such file; make it with `understudy config set-context NAME --endpoint"
              + " HOST:PORT --certificate FILE --key FILE --authority FILE`");
    } catch (CharacterCodingException e) {
      throw Failure.usage(
          file + ": is no text in UTF-8; make it anew with `understudy config set-context`");
    } catch (IOException e) {
      throw Failure.usage(file + ": cannot be read (" + e.getMessage() + ")");
    }
    return new ContextFile(file).parse(text);
  }

  /** Replaces the file at once; its folder is made when needed. Comments in it are lost. */
  public static void write(Contexts contexts) {
    Path file = contexts.file().toAbsolutePath();
    try {
      Path folder = file.getParent();
      if (folder == null) {
        throw Failure.usage(file + ": is not a file name");
      }
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, ".config", ".yaml");
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
      Files.writeString(draft, text(contexts));
      move(draft, file);
    } catch (IOException e) {
      throw Failure.usage(file + ": cannot be written (" + e.getMessage() + ")");
    }
  }

  /** The file as this class writes it. */
  public static String text(Contexts contexts) {
    Map<String, Object> document = new LinkedHashMap<>();
    contexts.current().ifPresent(name -> document.put(CURRENT, name));
    Map<String, Object> byName = new LinkedHashMap<>();
    contexts.byName().forEach((name, settings) -> byName.put(name, describe(settings)));
    document.put(CONTEXTS, byName);
    return dump(document);
  }

  private static Map<String, Object> describe(Contexts.Settings settings) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put(ENDPOINTS, settings.endpoints());
    keys.put(CERTIFICATE, settings.certificate());
    keys.put(KEY, settings.key());
    keys.put(AUTHORITY, settings.authority());
    return keys;
  }

  private static void move(Path draft, Path file) throws IOException {
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String dump(Map<String, Object> document) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(new Representer(options), options).dump(document);
  }

  private Contexts parse(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object document;
    try {
      document = new Yaml(new SafeConstructor(options)).load(text);
    } catch (YAMLException e) {
      throw Failure.usage(file + ": is not YAML: " + oneLine(e));
    }
    Map<String, Object> top = mapping("the file", document == null ? Map.of() : document);
    refuseUnknown("", top, TOP_KEYS);
    Map<String, Contexts.Settings> byName = new LinkedHashMap<>();
    mapping(CONTEXTS, top.getOrDefault(CONTEXTS, Map.of()))
        .forEach((name, value) -> byName.put(name, settings(CONTEXTS + "." + name, value)));
    Optional<String> current =
        top.containsKey(CURRENT) ? Optional.of(text(CURRENT, top.get(CURRENT))) : Optional.empty();
    current
        .filter(name -> !name.isEmpty() && !byName.containsKey(name))
        .ifPresent(name -> problems.add(CURRENT + ": " + name + " (expected: a defined context)"));
    if (!problems.isEmpty()) {
      throw Failure.usage(file + ": " + String.join("; ", problems));
    }
    return new Contexts(file, current, byName);
  }

  private Contexts.Settings settings(String where, @Nullable Object value) {
    Map<String, Object> keys = mapping(where, value);
    refuseUnknown(where + ".", keys, CONTEXT_KEYS);
    return new Contexts.Settings(
        endpoints(where + "." + ENDPOINTS, keys.get(ENDPOINTS)),
        text(where + "." + CERTIFICATE, keys.get(CERTIFICATE)),
        text(where + "." + KEY, keys.get(KEY)),
        text(where + "." + AUTHORITY, keys.get(AUTHORITY)));
  }

  private List<String> endpoints(String where, @Nullable Object value) {
    List<String> endpoints = new ArrayList<>();
    if (value instanceof List<?> list && !list.isEmpty()) {
      for (Object entry : list) {
        String text = String.valueOf(entry);
        if (Endpoint.parse(text).isEmpty()) {
          problems.add(where + ": " + text + " (expected: host:port)");
        }
        endpoints.add(text);
      }
    } else {
      problems.add(where + ": " + shown(value) + " (expected: a list of host:port)");
    }
    return endpoints;
  }

  private String text(String where, @Nullable Object value) {
    if (value instanceof String text && !text.isBlank()) {
      return text;
    }
    problems.add(where + ": " + shown(value) + " (expected: text)");
    return "";
  }

  private Map<String, Object> mapping(String where, @Nullable Object value) {
    Map<String, Object> mapping = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> mapping.put(String.valueOf(key), entry));
    } else {
      problems.add(where + ": " + shown(value) + " (expected: keys and values)");
    }
    return mapping;
  }

  private void refuseUnknown(String prefix, Map<String, Object> keys, List<String> known) {
    for (String key : keys.keySet()) {
      if (!known.contains(key)) {
        problems.add(
            prefix
                + key
                + ": unknown key"
                + Nearest.to(key, known).map(near -> " (nearest known: " + near + ")").orElse(""));
      }
    }
  }

  private static String shown(@Nullable Object value) {
    return value == null ? "missing" : String.valueOf(value);
  }

  private static String oneLine(YAMLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable").strip();
  }
}
