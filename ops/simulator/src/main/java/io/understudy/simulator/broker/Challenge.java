package io.understudy.simulator.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The proof that a gateway knows the key K of its single sign-on. */
public final class Challenge {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Challenge() {}

  /** Fresh lower-case hex digits, two for each octet. */
  static String randomHex(int octets) {
    byte[] bytes = new byte[octets];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * SHA-1 over the challenge's digits followed by the key's, each without leading zeros, with one 0
   * in front if the number of digits is odd.
   */
  public static String response(String challengeHex, String keyHex) {
    String digits = stripZeros(challengeHex) + stripZeros(keyHex);
    String even = digits.length() % 2 == 0 ? digits : "0" + digits;
    return HexFormat.of().formatHex(sha1(HexFormat.of().parseHex(even)));
  }

  private static String stripZeros(String hex) {
    int start = 0;
    while (start < hex.length() && hex.charAt(start) == '0') {
      start++;
    }
    return hex.substring(start);
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** Compares without telling by its time how far two texts agree. */
  static boolean same(String a, String b) {
    return MessageDigest.isEqual(a.getBytes(US_ASCII), b.getBytes(US_ASCII));
  }
}
