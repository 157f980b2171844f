package io.understudy.node.driver.totp;

import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;

/**
 * Reads the text of a secret file anew at each call, so that a rotated secret is used at once; the
 * permission check is its business. The exception says in one sentence what is wrong with the file.
 */
@FunctionalInterface
public interface SecretText {
  Secret read() throws DriverException;
}
