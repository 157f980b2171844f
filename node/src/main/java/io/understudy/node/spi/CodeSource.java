package io.understudy.node.spi;

import io.understudy.node.core.login.TotpStep;

/** Makes the one-time code of a time step from a shared secret. Any thread. */
@FunctionalInterface
public interface CodeSource {
  Secret codeAt(TotpStep step) throws DriverException;
}
