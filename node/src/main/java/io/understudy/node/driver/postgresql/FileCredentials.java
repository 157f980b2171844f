package io.understudy.node.driver.postgresql;

import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.util.Credentials;
import io.understudy.node.config.SecretFile;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.nio.file.Path;

/** Reads user and password from their files for each new connection, so that they can change. */
record FileCredentials(Path userFile, Path passwordFile) implements HikariCredentialsProvider {
  /** A file cannot be used; carries the sentence through the pool, which knows no other way. */
  static final class UnusableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final DriverException reason;

    UnusableException(DriverException reason) {
      super(reason.getMessage(), reason);
      this.reason = reason;
    }

    DriverException reason() {
      return reason;
    }
  }

  @Override
  public Credentials getCredentials() {
    try (Secret user = SecretFile.read(userFile);
        Secret password = SecretFile.read(passwordFile)) {
      return Credentials.of(user.reveal(), password.reveal());
    } catch (DriverException e) {
      throw new UnusableException(e);
    }
  }
}
