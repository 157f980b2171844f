package io.understudy.settings;

import com.google.common.collect.ImmutableList;
import io.understudy.settings.ConfigException.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The text of a file of settings. */
public final class SettingsFile {
  private static final long BYTES_MAX = 1 << 20;

  private SettingsFile() {}

  /**
   * Reads the file.
   *
   * @param whenMissing what to do when there is none, e.g. "name the configuration file"
   * @throws ConfigException with one problem
   */
  public static String text(Path file, String whenMissing) throws ConfigException {
    String sentence;
    try {
      if (!Files.isRegularFile(file)) {
        sentence = "no such file (" + whenMissing + ")";
      } else if (Files.size(file) > BYTES_MAX) {
        sentence = "larger than 1 MiB (expected: one configuration file)";
      } else {
        return Files.readString(file, StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      sentence =
          "cannot be read as UTF-8 text by user "
              + System.getProperty("user.name", "of this program")
              + " (check its permissions)";
    }
    throw new ConfigException(
        file.toString(), ImmutableList.of(new Problem("", OptionalInt.empty(), sentence)));
  }
}
