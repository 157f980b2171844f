package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a bundle lies in its folder:
 *
 * <pre>
 * install.sh uninstall.sh   the same for every host; host.sh and tunnels.sh are parts of them
 * host                      the host's id
 * manifest                  a line for each file: MODE OWNER:GROUP TARGET
 * files/TARGET              the files
 * </pre>
 */
final class BundleFolder {
  static final String MANIFEST = "manifest";
  private static final String HOST = "host";
  private static final String FILES = "files";
  private static final ImmutableList<String> SCRIPTS =
      ImmutableList.of("host.sh", "install.sh", "tunnels.sh", "uninstall.sh");

  private BundleFolder() {}

  /** The bundle's files by their path within its folder; modes are those of the bundle. */
  static ImmutableMap<String, RenderedFile> lay(Bundle bundle) {
    ImmutableMap.Builder<String, RenderedFile> files = ImmutableMap.builder();
    for (String script : SCRIPTS) {
      script(script)
          .ifPresent(
              text -> files.put(script, new RenderedFile(script, text, "0755", "root:root")));
    }
    files.put(HOST, RenderedFile.open(HOST, bundle.host().id() + "\n"));
    files.put(MANIFEST, RenderedFile.open(MANIFEST, manifest(bundle)));
    bundle.files().forEach(file -> files.put(pathOf(file.target()), file));
    return files.buildOrThrow();
  }

  /** The paths within a folder with that manifest, with their modes. */
  static ImmutableMap<String, String> listed(String manifest) {
    Map<String, String> modes = new LinkedHashMap<>();
    SCRIPTS.forEach(script -> modes.put(script, "0755"));
    modes.put(HOST, "0644");
    modes.put(MANIFEST, "0644");
    for (String line : manifest.lines().toList()) {
      String[] words = line.split(" ", 3);
      if (words.length == 3 && words[2].startsWith("/")) {
        modes.put(pathOf(words[2]), words[0]);
      }
    }
    return ImmutableMap.copyOf(modes);
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

  private static Optional<String> script(String name) {
    URL resource = BundleFolder.class.getResource("/io/understudy/bundle/" + name);
    try {
      return resource == null
          ? Optional.empty()
          : Optional.of(Resources.toString(resource, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
