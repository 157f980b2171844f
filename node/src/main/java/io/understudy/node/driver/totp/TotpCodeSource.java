package io.understudy.node.driver.totp;

import io.understudy.node.core.login.TotpStep;
import io.understudy.node.spi.CodeSource;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.node.spi.SecretSource;

/** Makes codes from a secret file, which is read at each use. Any thread. */
public final class TotpCodeSource implements CodeSource {
  private final SecretSource file;

  public TotpCodeSource(SecretSource file) {
    this.file = file;
  }

  @Override
  public Secret codeAt(TotpStep step) throws DriverException {
    try (Secret text = file.read()) {
      return TotpSecret.parse(text.reveal()).codeAt(step);
    }
  }
}
