package io.understudy.bundle.render;

import io.understudy.bundle.authority.Material;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks into bundles. */
final class Rendered {
  private Rendered() {}

  static Bundle bundle(Host host) {
    return bundle(Clusters.MAIN, Materials.STEADY, host);
  }

  static Bundle bundle(ClusterFile cluster, Material material, Host host) {
    return Renderer.render(cluster, material).stream()
        .filter(bundle -> bundle.host().id().equals(host.id()))
        .findFirst()
        .orElseThrow();
  }

  static String file(Bundle bundle, String target) {
    return bundle.files().stream()
        .filter(file -> file.target().equals(target))
        .map(RenderedFile::content)
        .findFirst()
        .orElseThrow(() -> new AssertionError(target + " is not in the bundle"));
  }

  /** Puts the bundle's files in place below a folder. */
  static void install(Bundle bundle, Path root) {
    bundle.files().forEach(file -> write(root.resolve(file.target().substring(1)), file));
  }

  private static void write(Path path, RenderedFile file) {
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.content());
      Files.setPosixFilePermissions(path, file.permissions());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
