package io.understudy.bundle.render;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * How a bundle lies in its folder:
 *
 * <pre>
 * install.sh uninstall.sh   the same for every host, with
 * host.sh tunnels.sh        parts of them
 * ensemble.sh secrets.sh
 * monitoring.sh
 * host                      the host's id
 * manifest                  a line for each file: MODE OWNER:GROUP TARGET
 * files/TARGET              the files
 * </pre>
 */
final class BundleFolder {
  static final String MANIFEST = "manifest";
  private static final String HOST = "host";
  private static final String FILES = "files";
  private static final ImmutableMap<String, String> SCRIPTS =
      ImmutableMap.of(
          "install.sh", "0755",
          "uninstall.sh", "0755",
          "host.sh", "0644",
          "tunnels.sh", "0644",
          "ensemble.sh", "0644",
          "secrets.sh", "0644",
          "monitoring.sh", "0644");

  private BundleFolder() {}

  /** The bundle's files by their path within its folder; modes are those of the bundle. */
  static ImmutableMap<String, RenderedFile> lay(Bundle bundle) {
    ImmutableMap.Builder<String, RenderedFile> files = ImmutableMap.builder();
    SCRIPTS.forEach(
        (name, mode) -> files.put(name, new RenderedFile(name, script(name), mode, "root:root")));
    files.put(HOST, RenderedFile.open(HOST, bundle.host().id() + "\n"));
    files.put(MANIFEST, RenderedFile.open(MANIFEST, manifest(bundle)));
    bundle.files().forEach(file -> files.put(pathOf(file.target()), file));
    return files.buildOrThrow();
  }

  /** The paths within a folder with that manifest. */
  static ImmutableSet<String> listed(String manifest) {
    ImmutableSet.Builder<String> paths = ImmutableSet.builder();
    paths.addAll(SCRIPTS.keySet()).add(HOST, MANIFEST);
    for (String line : manifest.lines().toList()) {
      String[] words = line.split(" ", 3);
      if (words.length == 3 && words[2].startsWith("/")) {
        paths.add(pathOf(words[2]));
      }
    }
    return paths.build();
  }

  private static String pathOf(String target) {
    return FILES + target;
  }

  private static String manifest(Bundle bundle) {
    StringBuilder text = new StringBuilder();
    for (RenderedFile file : bundle.files()) {
      text.append("%s %s %s\n".formatted(file.mode(), file.owner(), file.target()));
    }
    return text.toString();
  }

  private static String script(String name) {
    URL resource =
        requireNonNull(BundleFolder.class.getResource("/io/understudy/bundle/" + name), name);
    try {
      return Resources.toString(resource, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
