package io.understudy.node.config;

import io.understudy.settings.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;

/**
 * The directory in which systemd passes the credentials of a service (LoadCredential=) to it.
 *
 * <p>It and its files belong to root or to the service's user. Where they belong to root, an access
 * list lets the user read them, and the mask of the list is shown as access of the group, which is
 * none. So access of the group is no fault here, and only here.
 *
 * @param path empty outside of such a service
 */
record CredentialsDirectory(Optional<Path> path) {
  private static final Path ALL_SERVICES = Path.of("/run/credentials");

  static CredentialsDirectory ofProcess() {
    return of(System.getenv());
  }

  static CredentialsDirectory of(Map<String, String> environment) {
    return new CredentialsDirectory(
        Optional.ofNullable(environment.get("CREDENTIALS_DIRECTORY"))
            .filter(text -> !text.isBlank())
            .map(text -> Path.of(text).normalize()));
  }

  /** Whether the file is passed to this process as a credential. */
  boolean holds(Path file) {
    return path.isPresent() && path.get().equals(file.toAbsolutePath().normalize().getParent());
  }

  /** Checks that nobody but root and this user can enter. */
  void checkAccess() throws IOException, Format.Rejected {
    for (PosixFilePermission permission : Files.getPosixFilePermissions(path.orElseThrow())) {
      switch (permission) {
        case OTHERS_READ, OTHERS_WRITE, OTHERS_EXECUTE ->
            throw new Format.Rejected(
                path.get()
                    + ": open to others, so no directory of systemd's (unset"
                    + " CREDENTIALS_DIRECTORY)");
        case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE, GROUP_READ, GROUP_WRITE, GROUP_EXECUTE -> {}
      }
    }
  }

  /** What to do about a credential that is not there, or not for this process. */
  Optional<String> remedy(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    if (holds(file)) {
      return Optional.of(
          "systemd passes it to the service: add LoadCredential="
              + absolute.getFileName()
              + ":FILE to the unit");
    }
    if (!absolute.startsWith(ALL_SERVICES) || absolute.getNameCount() < 4) {
      return Optional.empty();
    }
    Path directory = absolute.subpath(0, 3);
    return Optional.of(
        "systemd keeps it for %s while that runs: let the service check it at its start, or check by hand as its user with CREDENTIALS_DIRECTORY=/%s"
            .formatted(directory.getFileName(), directory));
  }
}
