package io.understudy.node.config;

import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A directory that only this user may enter: for state, diagnoses and logs. */
public final class PrivateDirectory {
  private PrivateDirectory() {}

  /**
   * Creates the directory and its parents where missing, with mode 700, and refuses one that others
   * may enter.
   *
   * @throws DriverException permanent, with one sentence that names directory and remedy
   */
  public static Path prepare(Path directory) throws DriverException {
    try {
      if (!Files.exists(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw DriverException.permanentError(
          directory + ": cannot be created by user " + SecretFile.user() + " (create it yourself)",
          e);
    }
    Optional<String> problem = problem(directory);
    if (problem.isPresent()) {
      throw DriverException.permanentError(problem.get());
    }
    return directory;
  }

  /** What is wrong with it, in one sentence; empty when it can be used or does not exist yet. */
  public static Optional<String> problem(Path directory) {
    if (!Files.exists(directory)) {
      return Optional.empty();
    }
    if (!Files.isDirectory(directory)) {
      return Optional.of(directory + ": not a directory (name another one)");
    }
    try {
      if (sharesAccess(Files.getPosixFilePermissions(directory))) {
        return Optional.of(
            directory + ": open to others than its owner (run: chmod 700 " + directory + ")");
      }
    } catch (IOException e) {
      return Optional.of(directory + ": cannot be looked at (check its parent directories)");
    }
    if (!Files.isWritable(directory)) {
      return Optional.of(
          directory
              + ": not writable by user "
              + SecretFile.user()
              + " (run: chown "
              + SecretFile.user()
              + " "
              + directory
              + ")");
    }
    return Optional.empty();
  }

  static boolean sharesAccess(Set<PosixFilePermission> permissions) {
    return permissions.stream()
        .anyMatch(permission ->
            switch (permission) {
              case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE -> false;
              case GROUP_READ,
                  GROUP_WRITE,
                  GROUP_EXECUTE,
                  OTHERS_READ,
                  OTHERS_WRITE,
                  OTHERS_EXECUTE ->
                  true;
            });
  }
}
