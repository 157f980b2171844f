package io.understudy.controller.support;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What is asked of a node's configuration here. It may be wrong in any way: then the rest is told
 * all the same.
 *
 * @param http where {@code /metrics} and {@code /health} are served
 * @param secretFiles paths of the files that hold its secrets
 */
record NodeFile(String stateDirectory, Optional<String> http, ImmutableList<String> secretFiles) {
  static final String TARGET = "/etc/understudy/understudyd.yaml";
  static final NodeFile UNKNOWN =
      new NodeFile("/var/lib/understudy", Optional.empty(), ImmutableList.of());
  private static final String FOLDER = "/etc/understudy/";

  static NodeFile parse(String text) {
    try {
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
      if (!(root instanceof Map<?, ?> keys)) {
        return UNKNOWN;
      }
      ImmutableList.Builder<String> secrets = ImmutableList.builder();
      collect(keys, secrets);
      String state = String.valueOf(keys.get("state-directory"));
      return new NodeFile(
          state.startsWith("/") ? state : UNKNOWN.stateDirectory(),
          listen(keys.get("http")),
          secrets.build().stream().distinct().collect(toImmutableList()));
    } catch (YAMLException _) {
      return UNKNOWN;
    }
  }

  private static Optional<String> listen(@Nullable Object http) {
    return http instanceof Map<?, ?> keys && keys.get("listen") instanceof List<?> addresses
        ? addresses.stream().map(String::valueOf).findFirst()
        : Optional.empty();
  }

  /** Every key that names a file with a secret: {@code …-file}, and a certificate's {@code key}. */
  private static void collect(Map<?, ?> keys, ImmutableList.Builder<String> secrets) {
    keys.forEach((key, value) -> {
      String name = String.valueOf(key);
      if (value instanceof Map<?, ?> below) {
        collect(below, secrets);
      } else if (value instanceof String path && (name.endsWith("-file") || name.equals("key"))) {
        secrets.add(path.startsWith("/") ? path : FOLDER + path);
      }
    });
  }
}
