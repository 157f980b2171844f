package io.understudy.node.driver.totp;

import java.util.Locale;
import java.util.Optional;

/**
 * What an {@code otpauth://} URI or an authenticator export says about a code. Blank fields mean
 * the usual values.
 */
record OtpParameters(String type, String algorithm, String digits, String period) {

  /** Why IBKR's page would not accept such codes; empty when it would. */
  Optional<String> objection() {
    if (!isUsual(type.toUpperCase(Locale.ROOT), "TOTP")) {
      return Optional.of("is not time based (IBKR uses TOTP)");
    }
    String hash = algorithm.toUpperCase(Locale.ROOT).replace("-", "").replace("HMAC", "");
    if (!isUsual(hash, "SHA1")) {
      return Optional.of("does not use SHA-1 (IBKR uses SHA-1)");
    }
    if (!isUsual(digits, "6")) {
      return Optional.of("does not make 6 digits (IBKR uses 6)");
    }
    if (!isUsual(period, "30")) {
      return Optional.of("does not use time steps of 30 s (IBKR uses 30 s)");
    }
    return Optional.empty();
  }

  private static boolean isUsual(String value, String usual) {
    return value.isBlank() || value.strip().equals(usual);
  }
}
