package io.understudy.bundle.authority;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.XECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Base64;
import javax.crypto.KeyAgreement;

/**
 * Keys as {@code wg} makes them: Curve25519, 32 bytes, little-endian, in base64. The JDK does the
 * arithmetic, so whoever renders a cluster needs no WireGuard.
 */
final class WireGuardKeys {
  private static final int BYTES = 32;
  private static final String ALGORITHM = "X25519";
  private static final SecureRandom RANDOM = new SecureRandom();

  private WireGuardKeys() {}

  static TunnelKeys.HostKey newHostKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(NamedParameterSpec.X25519, RANDOM);
      byte[] scalar =
          ((XECPrivateKey) generator.generateKeyPair().getPrivate())
              .getScalar()
              .orElseThrow(() -> new IllegalStateException("The JDK keeps its X25519 keys secret"));
      return hostKey(Base64.getEncoder().encodeToString(clamped(scalar)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK cannot make an X25519 key", e);
    }
  }

  /** A secret of two hosts, mixed into each handshake between them. */
  static String newPreSharedKey() {
    byte[] key = new byte[BYTES];
    RANDOM.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /**
   * The pair that belongs to a private key.
   *
   * @throws IllegalArgumentException when it is no key; the message does not repeat it
   */
  static TunnelKeys.HostKey hostKey(String privateKey) {
    return new TunnelKeys.HostKey(privateKey, publicKey(decoded(privateKey)));
  }

  /**
   * Checks a key of either kind.
   *
   * @throws IllegalArgumentException when it is none; the message does not repeat it
   */
  static String checked(String key) {
    var _ = decoded(key);
    return key;
  }

  private static byte[] decoded(String key) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(key);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("no base64");
    }
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(bytes.length + " bytes (expected: " + BYTES + ")");
    }
    return bytes;
  }

  /** The shared secret with the curve's base point is the public key. */
  private static String publicKey(byte[] scalar) {
    try {
      KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
      PrivateKey own =
          keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, scalar));
      PublicKey basePoint =
          keys.generatePublic(
              new XECPublicKeySpec(NamedParameterSpec.X25519, BigInteger.valueOf(9)));
      KeyAgreement agreement = KeyAgreement.getInstance(ALGORITHM);
      agreement.init(own);
      var _ = agreement.doPhase(basePoint, true);
      return Base64.getEncoder().encodeToString(agreement.generateSecret());
    } catch (GeneralSecurityException _) {
      throw new IllegalArgumentException("no X25519 key");
    }
  }

  /** As every use of a key does it anyway; {@code wg genkey} stores it so. */
  private static byte[] clamped(byte[] scalar) {
    byte[] clamped = scalar.clone();
    clamped[0] &= (byte) 0xf8;
    clamped[BYTES - 1] &= 0x7f;
    clamped[BYTES - 1] |= 0x40;
    return clamped;
  }
}
