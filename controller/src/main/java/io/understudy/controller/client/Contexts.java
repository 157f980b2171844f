package io.understudy.controller.client;

import io.understudy.controller.text.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The contexts of one configuration file, as written there.
 *
 * @param file where they stand; relative paths in it count from its folder
 * @param current the context that is used when none is named
 */
public record Contexts(Path file, Optional<String> current, Map<String, Settings> byName) {
  public Contexts {
    byName = Collections.unmodifiableMap(new TreeMap<>(byName));
  }

  /** One context as text. */
  public record Settings(List<String> endpoints, String certificate, String key, String authority) {
    public Settings {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** The named context, else the current one, ready for use. */
  public Context select(Optional<String> wanted) {
    String name =
        wanted
            .or(() -> current)
            .orElseThrow(() ->
                Failure.usage(
                    file
                        + ": no context is current; choose one of "
                        + String.join(", ", byName.keySet())
                        + " with --context NAME or `understudy config use-context NAME`"));
    Settings settings = require(name);
    List<Endpoint> endpoints = new ArrayList<>();
    for (String text : settings.endpoints()) {
      endpoints.add(Endpoint.parse(text).orElseThrow());
    }
    return new Context(
        name,
        endpoints,
        resolve(settings.certificate()),
        resolve(settings.key()),
        resolve(settings.authority()));
  }

  /** The settings of a context that has to exist. */
  public Settings require(String name) {
    Settings settings = byName.get(name);
    if (settings == null) {
      throw Failure.usage(unknown(name));
    }
    return settings;
  }

  /** The same file with another current context. */
  public Contexts withCurrent(String name) {
    return new Contexts(file, Optional.of(name), byName);
  }

  /** The same file with a context added or replaced. */
  public Contexts with(String name, Settings settings) {
    Map<String, Settings> changed = new TreeMap<>(byName);
    changed.put(name, settings);
    return new Contexts(file, current, changed);
  }

  private String unknown(String name) {
    if (byName.isEmpty()) {
      return file + ": no context is defined; make one with `understudy config set-context NAME`";
    }
    return file
        + ": no context "
        + name
        + Nearest.to(name, byName.keySet()).map(near -> " (nearest: " + near + ")").orElse("")
        + "; known: "
        + String.join(", ", byName.keySet());
  }

  private Path resolve(String path) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? Path.of(path) : folder.resolve(path).normalize();
  }
}
