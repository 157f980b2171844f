package io.understudy.simulator.broker;

import com.eatthepath.otp.TimeBasedOneTimePasswordGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a user must show besides the password.
 *
 * @param secret the shared secret; empty for kinds without one-time codes
 * @param toleranceSteps how many time steps before and after the current one are accepted
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SecondFactor(Kind kind, byte[] secret, int toleranceSteps) {
  static final Duration STEP = Duration.ofSeconds(30);

  /** How far from the current step a code is still recognised as a code of the user. */
  private static final int RECOGNISED_STEPS = 2;

  enum Kind {
    NONE,
    TOTP,
    PUSH,
    /** The user has two devices and must choose one; the authenticator app has the secret. */
    DEVICE_CHOOSER,
    SECURITY_CARD,
    PASSKEY,
    QR;

    static Kind parse(String text) {
      for (Kind kind : values()) {
        if (kind.label().equals(text)) {
          return kind;
        }
      }
      throw new BadInputException(
          "secondFactor.kind: "
              + text
              + " (expected: none, totp, push, device-chooser, security-card, passkey or qr)");
    }

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean usesSecret() {
      return this == TOTP || this == DEVICE_CHOOSER;
    }
  }

  static SecondFactor parse(JsonNode node) {
    Kind kind = Kind.parse(node.path("kind").asText("none"));
    byte[] secret = base32(node.path("secret").asText(""));
    if (kind.usesSecret() && secret.length == 0) {
      throw new BadInputException("secondFactor.secret: missing (expected: base32)");
    }
    return new SecondFactor(kind, secret, node.path("tolerance").asInt(0));
  }

  static long stepAt(Instant at) {
    return Math.floorDiv(at.getEpochSecond(), STEP.toSeconds());
  }

  /** The step that the code belongs to, searched near {@code at}; empty for a wrong code. */
  OptionalLong stepOf(String code, Instant at) {
    if (secret.length == 0) {
      return OptionalLong.empty();
    }
    long now = stepAt(at);
    for (int distance = 0; distance <= RECOGNISED_STEPS; distance++) {
      for (long step : new long[] {now - distance, now + distance}) {
        if (Challenge.same(code(step), code)) {
          return OptionalLong.of(step);
        }
      }
    }
    return OptionalLong.empty();
  }

  boolean accepts(long step, Instant at) {
    return Math.abs(step - stepAt(at)) <= toleranceSteps;
  }

  private String code(long step) {
    try {
      return new TimeBasedOneTimePasswordGenerator(STEP)
          .generateOneTimePasswordString(
              new SecretKeySpec(secret, "HmacSHA1"),
              Instant.ofEpochSecond(step * STEP.toSeconds()));
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("a key of bytes is always valid for HmacSHA1", e);
    }
  }

  /** Decodes RFC 4648 base32; blanks and padding are skipped, case does not matter. */
  static byte[] base32(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int buffer = 0;
    int bits = 0;
    for (char character : text.toUpperCase(Locale.ROOT).toCharArray()) {
      if (character == ' ' || character == '=' || character == '-') {
        continue;
      }
      int value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(character);
      if (value < 0) {
        throw new BadInputException("secondFactor.secret: not base32");
      }
      buffer = (buffer << 5) | value;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        out.write(buffer >> bits);
        buffer &= (1 << bits) - 1;
      }
    }
    return out.toByteArray();
  }
}
