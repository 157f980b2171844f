package io.understudy.node.config;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.settings.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file that holds one secret and that nobody else may read: refused unless its owner is this user
 * or root and neither group nor others have any access. A credential that systemd passes may show
 * access of its group, see {@link CredentialsDirectory}.
 */
public final class SecretFile {
  private static final long BYTES_MAX = 1 << 20;

  private SecretFile() {}

  /**
   * Reads the secret, without the line ends at its end.
   *
   * @throws DriverException permanent, with one sentence that names file and remedy, never the
   *     contents
   */
  public static Secret read(Path file) throws DriverException {
    try {
      return new Secret(checkedText(file).toCharArray());
    } catch (Format.Rejected e) {
      throw DriverException.permanentError(e.sentence());
    }
  }

  /** What is wrong with the file, in one sentence; empty when it can be used. */
  public static Optional<String> problem(Path file) {
    try {
      checkedText(file);
      return Optional.empty();
    } catch (Format.Rejected e) {
      return Optional.of(e.sentence());
    }
  }

  @CanIgnoreReturnValue // Whoever only checks has no use for the secret.
  static String checkedText(Path file) throws Format.Rejected {
    return checkedText(file, CredentialsDirectory.ofProcess());
  }

  @CanIgnoreReturnValue // Whoever only checks has no use for the secret.
  static String checkedText(Path file, CredentialsDirectory credentials) throws Format.Rejected {
    try {
      if (!Files.isRegularFile(file)) {
        throw new Format.Rejected(
            "%s: no such file (%s)"
                .formatted(file, credentials.remedy(file).orElse("create it with mode 600")));
      }
      checkAccess(file, credentials);
      if (!Files.isReadable(file)) {
        throw new Format.Rejected(
            file
                + ": not readable by user "
                + user()
                + " (run: chown "
                + user()
                + " "
                + file
                + ")");
      }
      if (Files.size(file) > BYTES_MAX) {
        throw new Format.Rejected(file + ": larger than 1 MiB (expected: one secret)");
      }
      String text = Files.readString(file, StandardCharsets.UTF_8).stripTrailing();
      if (text.isBlank()) {
        throw new Format.Rejected(file + ": empty (expected: one secret)");
      }
      return text;
    } catch (IOException e) {
      throw new Format.Rejected(
          file + ": cannot be read as UTF-8 text (check the file and its directory)");
    }
  }

  private static void checkAccess(Path file, CredentialsDirectory credentials)
      throws IOException, Format.Rejected {
    Map<String, Object> attributes = Files.readAttributes(file, "unix:uid,permissions");
    Object owner = attributes.get("uid");
    if (!Integer.valueOf(0).equals(owner)
        && !Files.getAttribute(processSelf(), "unix:uid").equals(owner)) {
      throw new Format.Rejected(
          "%s: owned by somebody else (%s)"
              .formatted(
                  file, credentials.remedy(file).orElse("run: chown " + user() + " " + file)));
    }
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    if (credentials.holds(file)) {
      credentials.checkAccess();
      permissions.remove(PosixFilePermission.GROUP_READ);
    }
    if (PrivateDirectory.sharesAccess(permissions)) {
      throw new Format.Rejected(
          "%s: readable or writable by others than its owner (%s)"
              .formatted(file, credentials.remedy(file).orElse("run: chmod 600 " + file)));
    }
  }

  static Path processSelf() {
    return Path.of("/proc/self");
  }

  static String user() {
    return System.getProperty("user.name", "the daemon's user");
  }
}
