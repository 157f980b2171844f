package io.understudy.controller.support;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.BaseEncoding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/**
 * How one secret may look in a text: as it is, escaped as in JSON or in an address, in hexadecimal
 * digits, in base64. In base64 it looks in one of three ways by where it begins in what was
 * encoded; of each the characters are taken that depend on nothing else.
 */
final class SecretForms {
  private static final int BITS_OF_CHARACTER = 6;
  private static final int ALIGNMENTS = 3;

  /** A piece that is shorter says too little, and would blot out half of every text. */
  private static final int ENCODED_MIN = 4;

  private SecretForms() {}

  static ImmutableSet<String> of(String secret) {
    ImmutableSet.Builder<String> forms = ImmutableSet.builder();
    String escaped = secret.replace("\\", "\\\\").replace("\"", "\\\"");
    forms.add(secret, escaped, escaped.replace("\\", "\\\\").replace("\"", "\\\""));
    forms.add(escaped.replace("/", "\\/"));
    String inAddress = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    forms.add(inAddress, inAddress.replace("+", "%20"));
    forms.add(secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    return forms.addAll(of(secret.getBytes(StandardCharsets.UTF_8))).build();
  }

  /** The encoded forms of what is not text, e.g. of the bytes of a key. */
  static ImmutableSet<String> of(byte[] secret) {
    ImmutableSet.Builder<String> forms = ImmutableSet.builder();
    String hexadecimal = BaseEncoding.base16().encode(secret);
    forms.add(hexadecimal, hexadecimal.toLowerCase(Locale.ROOT));
    for (int before = 0; before < ALIGNMENTS; before++) {
      String encoded = inBase64(secret, before);
      if (encoded.length() >= ENCODED_MIN) {
        forms.add(encoded, encoded.replace('+', '-').replace('/', '_'));
      }
    }
    return forms.build();
  }

  private static String inBase64(byte[] secret, int before) {
    byte[] shifted = new byte[before + secret.length];
    System.arraycopy(secret, 0, shifted, before, secret.length);
    String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
    Arrays.fill(shifted, (byte) 0);
    int first = Math.ceilDiv(before * Byte.SIZE, BITS_OF_CHARACTER);
    int end = shifted.length * Byte.SIZE / BITS_OF_CHARACTER;
    return encoded.substring(first, Math.max(first, end));
  }
}
