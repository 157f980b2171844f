package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The built project that the lab's programs come from.
 *
 * @param root where the modules are
 */
record Installation(Path root, Form form) {
  private static final String PROPERTY = "understudy.root";

  /** What of the build runs. */
  enum Form {
    CLASSES,
    /** As they are packaged: only these know their version. */
    JARS
  }

  /** The one that the scripts name, else the one that the working directory is in. */
  static Installation find() {
    String named = System.getProperty(PROPERTY, "");
    Path start = Path.of(named).toAbsolutePath();
    for (Path path = start; path != null; path = path.getParent()) {
      if (Files.exists(path.resolve("controller/pom.xml"))
          && Files.exists(path.resolve("node/pom.xml"))) {
        return new Installation(path, Form.CLASSES);
      }
    }
    throw new LabException(start + " is not inside the project; run the lab by ops/demo");
  }

  Installation packaged() {
    return new Installation(root, Form.JARS);
  }

  /** For java's {@code -cp}. */
  String classPath(String module) {
    Path target = root.resolve(module).resolve("target");
    if (!Files.isDirectory(target.resolve("classes"))
        || !Files.isDirectory(target.resolve("lib"))) {
      throw new LabException(module + " is not built; run mvn package, or ops/demo, which does");
    }
    Path own =
        switch (form) {
          case CLASSES -> target.resolve("classes");
          case JARS -> jar(target);
        };
    return own + ":" + target.resolve("lib") + "/*";
  }

  Path undertaker() {
    return root.resolve("node/bin/undertaker");
  }

  Path commandLine() {
    return root.resolve("controller/bin/understudy");
  }

  /** The module's own jar, not one with a part of it. */
  private static Path jar(Path target) {
    try (Stream<Path> files = Files.list(target)) {
      ImmutableList<Path> jars =
          files
              .filter(file ->
                  file.getFileName()
                      .toString()
                      .matches("understudy-[a-z]+-[0-9.]+(-SNAPSHOT)?.jar"))
              .collect(ImmutableList.toImmutableList());
      if (jars.size() != 1) {
        throw new LabException(target + " should hold one jar of the module, and holds " + jars);
      }
      return jars.getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + target, e);
    }
  }
}
