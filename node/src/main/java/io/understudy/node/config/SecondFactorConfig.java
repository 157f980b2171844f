package io.understudy.node.config;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.login.SecondFactorKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The second factor of one username.
 *
 * @param secretFile the shared secret; present exactly with {@link SecondFactorKind#TOTP}
 * @param pushTimeout how long a notification may wait for a tap
 * @param codeTimeout how long a login waits for the operator's code
 */
@Immutable
@SuppressWarnings("Immutable") // Path is immutable in the JDK's default file system.
public record SecondFactorConfig(
    SecondFactorKind kind, Optional<Path> secretFile, Duration pushTimeout, Duration codeTimeout) {
  public static final Duration WAIT_DEFAULT = Duration.ofMinutes(2);

  public SecondFactorConfig {
    if (secretFile.isPresent() != (kind == SecondFactorKind.TOTP)) {
      throw new IllegalArgumentException("second-factor.secret-file goes with kind totp alone");
    }
  }
}
