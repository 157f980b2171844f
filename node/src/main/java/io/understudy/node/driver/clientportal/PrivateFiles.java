package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Files and directories that only our own user may look into. */
final class PrivateFiles {
  static final ImmutableSet<PosixFilePermission> FILE =
      ImmutableSet.copyOf(PosixFilePermissions.fromString("rw-------"));
  static final ImmutableSet<PosixFilePermission> DIRECTORY =
      ImmutableSet.copyOf(PosixFilePermissions.fromString("rwx------"));

  private PrivateFiles() {}

  /** Makes the directory and what is missing above it; the directory itself is private after. */
  @CanIgnoreReturnValue
  static Path directory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
    }
    Files.setPosixFilePermissions(directory, DIRECTORY);
    return directory;
  }

  /** An empty private file in place of whatever stood there. */
  @CanIgnoreReturnValue
  static Path create(Path file) throws IOException {
    Files.deleteIfExists(file);
    return Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE));
  }

  @CanIgnoreReturnValue
  static Path write(Path file, String text) throws IOException {
    return Files.writeString(create(file), text, StandardCharsets.UTF_8);
  }

  /** Deletes a tree without following links; what is gone already is no error. */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(root)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
