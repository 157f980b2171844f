package io.understudy.controller.verb;

import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.controller.client.Failure;
import io.understudy.settings.ConfigException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster is meant: its file, and the folder with its keys and certificates. */
final class ClusterOptions {
  static final String FILE_DEFAULT = "cluster.yaml";

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      defaultValue = FILE_DEFAULT,
      description = "The cluster file (default: ./" + FILE_DEFAULT + ").")
  private Path file = Path.of(FILE_DEFAULT);

  @Option(
      names = "--authority",
      paramLabel = "DIR",
      description = "The folder with keys and certificates (default: authority, beside the file).")
  private @Nullable Path authority;

  /** The checked file, or a failure that lists all that is wrong with it. */
  ClusterFile read() {
    return read(file);
  }

  Path file() {
    return file.toAbsolutePath().normalize();
  }

  Path authority() {
    return authority == null ? file().resolveSibling("authority") : authority;
  }

  static ClusterFile read(Path file) {
    try {
      return ClusterFile.load(file);
    } catch (ConfigException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
  }
}
