package io.understudy.node.driver.totp;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.google.common.base.CharMatcher;
import com.google.common.io.BaseEncoding;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/**
 * The seed of the one-time codes, as IBKR uses them: HMAC-SHA1, 6 digits, steps of 30 s.
 *
 * <p>Accepts bare base32 (spaces, hyphens and lower case as people copy them), an {@code
 * otpauth://totp/…} URI, and an unencrypted export of the 2FAS app. No message ever repeats a part
 * of the text. Immutable; any thread.
 */
public final class TotpSecret {
  /** In which form the secret was given. */
  public enum Form {
    BASE32("bare base32"),
    OTPAUTH_URI("an otpauth:// URI"),
    TWO_FAS_EXPORT("an export of the 2FAS app");

    private final String words;

    Form(String words) {
      this.words = words;
    }

    public String words() {
      return words;
    }
  }

  /** RFC 4226 asks for 128 bits; IBKR's have 160; below 80 the text is surely cut off. */
  private static final int BITS_MIN = 80;

  private static final CharMatcher FILLING = CharMatcher.whitespace().or(CharMatcher.anyOf("-="));
  private static final Pattern PARAMETER = Pattern.compile("[?&]([A-Za-z]+)=([^&#]*)");
  private static final TimeBasedOneTimePasswordGenerator GENERATOR =
      new TimeBasedOneTimePasswordGenerator(
          TotpStep.LENGTH, 6, TimeBasedOneTimePasswordGenerator.TOTP_ALGORITHM_HMAC_SHA1);

  private final Form form;
  private final SecretKeySpec key;

  private TotpSecret(Form form, SecretKeySpec key) {
    this.form = form;
    this.key = key;
  }

  /**
   * Reads any of the accepted forms.
   *
   * @throws DriverException (permanent) with one sentence that says what to do
   */
  public static TotpSecret parse(String text) throws DriverException {
    String trimmed = text.strip();
    String lower = trimmed.toLowerCase(Locale.ROOT);
    if (trimmed.isEmpty()) {
      throw unusable("is empty");
    }
    if (lower.startsWith("otpauth-migration:")) {
      throw unusable(
          "is a transfer code of Google Authenticator, which is not supported; put the secret key"
              + " itself into the file");
    }
    if (lower.startsWith("otpauth:")) {
      return fromUri(trimmed);
    }
    if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
      return new TotpSecret(Form.TWO_FAS_EXPORT, key(TwoFasExport.secretForIbkr(trimmed)));
    }
    return new TotpSecret(Form.BASE32, key(trimmed));
  }

  public Form form() {
    return form;
  }

  /** The code of a time step. */
  public Secret codeAt(TotpStep step) {
    try {
      return Secret.of(GENERATOR.generateOneTimePasswordString(key, step.begin(), Locale.ROOT));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("HMAC-SHA1 refused a key of a length that was checked", e);
    }
  }

  @Override
  public String toString() {
    return "[secret]";
  }

  private static TotpSecret fromUri(String uri) throws DriverException {
    String lower = uri.toLowerCase(Locale.ROOT);
    String type = lower.startsWith("otpauth://totp/") ? "TOTP" : "other";
    OtpParameters parameters =
        new OtpParameters(
            type, parameter(uri, "algorithm"), parameter(uri, "digits"), parameter(uri, "period"));
    var objection = parameters.objection();
    if (objection.isPresent()) {
      throw unusable(objection.get());
    }
    String secret = parameter(uri, "secret");
    if (secret.isBlank()) {
      throw unusable("is an otpauth:// URI without a secret");
    }
    return new TotpSecret(Form.OTPAUTH_URI, key(secret));
  }

  private static String parameter(String uri, String name) throws DriverException {
    Matcher matcher = PARAMETER.matcher(uri);
    while (matcher.find()) {
      if (matcher.group(1).equalsIgnoreCase(name)) {
        try {
          return URLDecoder.decode(matcher.group(2), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
          throw unusable("is an otpauth:// URI with a broken % escape");
        }
      }
    }
    return "";
  }

  private static SecretKeySpec key(String base32) throws DriverException {
    String compact = FILLING.removeFrom(base32).toUpperCase(Locale.ROOT);
    byte[] bytes;
    try {
      bytes = BaseEncoding.base32().omitPadding().decode(compact);
    } catch (IllegalArgumentException _) {
      // The cause would repeat characters of the secret.
      throw unusable("is not base32 (only A to Z and 2 to 7); copy the secret key again");
    }
    if (bytes.length * Byte.SIZE < BITS_MIN) {
      throw unusable("is too short for a secret key (IBKR's have 32 characters); copy it again");
    }
    return new SecretKeySpec(bytes, "RAW");
  }

  static DriverException unusable(String what) {
    return DriverException.permanentError("The TOTP secret " + what);
  }
}
