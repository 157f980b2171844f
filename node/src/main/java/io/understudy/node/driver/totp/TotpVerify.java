package io.understudy.node.driver.totp;

import io.understudy.node.core.login.TotpStep;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.node.spi.SecretSource;
import java.time.Instant;

/** The check behind {@code understudyd totp verify FILE}. */
public final class TotpVerify {
  /**
   * What became of the check.
   *
   * @param usable whether codes can be made
   * @param sentence for the terminal; neither the secret nor a code
   */
  public record Result(boolean usable, String sentence) {}

  private TotpVerify() {}

  /** Reads the secret and makes a code of the step at {@code wall}, which is thrown away. */
  public static Result verify(SecretSource file, Instant wall) {
    try (Secret text = file.read()) {
      TotpSecret secret = TotpSecret.parse(text.reveal());
      try (Secret code = secret.codeAt(TotpStep.at(wall))) {
        boolean sixDigits = code.reveal().length() == 6;
        return new Result(
            sixDigits,
            sixDigits
                ? "Usable: "
                    + secret.form().words()
                    + ", HMAC-SHA1, 6 digits, 30 s; whether it is the right one only a login shows"
                : "Unusable: the secret does not make codes of 6 digits");
      }
    } catch (DriverException e) {
      return new Result(false, "Unusable: " + e.getMessage());
    }
  }
}
