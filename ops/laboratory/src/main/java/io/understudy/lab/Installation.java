package io.understudy.lab;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The built project that the lab's programs come from.
 *
 * @param root where the modules are
 */
record Installation(Path root) {
  private static final String PROPERTY = "understudy.root";

  /** The one that the scripts name, else the one that the working directory is in. */
  static Installation find() {
    String named = System.getProperty(PROPERTY, "");
    Path start = Path.of(named).toAbsolutePath();
    for (Path path = start; path != null; path = path.getParent()) {
      if (Files.exists(path.resolve("controller/pom.xml"))
          && Files.exists(path.resolve("node/pom.xml"))) {
        return new Installation(path);
      }
    }
    throw new LabException(start + " is not inside the project; run the lab by ops/demo");
  }

  /** For java's {@code -cp}. */
  String classPath(String module) {
    Path target = root.resolve(module).resolve("target");
    if (!Files.isDirectory(target.resolve("classes"))
        || !Files.isDirectory(target.resolve("lib"))) {
      throw new LabException(module + " is not built; run mvn package, or ops/demo, which does");
    }
    return target.resolve("classes") + ":" + target.resolve("lib") + "/*";
  }

  Path undertaker() {
    return root.resolve("node/bin/undertaker");
  }

  Path commandLine() {
    return root.resolve("controller/bin/understudy");
  }
}
