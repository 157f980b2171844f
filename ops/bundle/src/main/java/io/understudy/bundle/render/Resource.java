package io.understudy.bundle.render;

import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Files that are the same in every bundle lie beside the classes. */
final class Resource {
  private Resource() {}

  /** The text of {@code io/understudy/bundle/NAME}. */
  static String text(String name) {
    URL resource =
        Objects.requireNonNull(Resource.class.getResource("/io/understudy/bundle/" + name), name);
    try {
      return Resources.toString(resource, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
