package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.node.tls.Reloaded;
import io.understudy.settings.Format;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The status page.
 *
 * @param viewerTokenFile holds the token of viewers without a certificate; the file may come and go
 *     while the daemon runs, and as long as it is not there certificates alone let in
 */
@Immutable
@SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
public record PageConfig(HostAndPort listen, Optional<Path> viewerTokenFile) {
  /** What is shorter could be guessed. */
  static final int TOKEN_LENGTH_MIN = 24;

  /** The token, now and whenever the file changes. */
  public Reloaded<Optional<Secret>> viewerToken() throws DriverException {
    return Reloaded.of(
        "viewer-token",
        viewerTokenFile.map(ImmutableList::of).orElseGet(ImmutableList::of),
        () -> viewerTokenFile.isPresent() ? read(viewerTokenFile.get()) : Optional.empty());
  }

  private static Optional<Secret> read(Path file) throws DriverException {
    try {
      check(file);
    } catch (Format.Rejected e) {
      throw DriverException.permanentError(e.sentence());
    }
    return Files.exists(file) ? Optional.of(SecretFile.read(file)) : Optional.empty();
  }

  /** Refuses a file that is there and that nobody should rely on. */
  static void check(Path file) throws Format.Rejected {
    if (Files.exists(file) && SecretFile.checkedText(file).length() < TOKEN_LENGTH_MIN) {
      throw new Format.Rejected(
          "%s: shorter than %d characters (make one with: openssl rand -base64 33)"
              .formatted(file, TOKEN_LENGTH_MIN));
    }
  }
}
