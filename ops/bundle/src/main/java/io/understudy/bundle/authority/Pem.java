package io.understudy.bundle.authority;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of keys and certificates, and of both in one file. */
final class Pem {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";

  private Pem() {}

  static String certificate(X509Certificate certificate) {
    try {
      return block(CERTIFICATE, certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("The JDK cannot encode its own certificate", e);
    }
  }

  /** PKCS #8, not encrypted. */
  static String key(PrivateKey key) {
    return block(KEY, key.getEncoded());
  }

  /** A key and its certificate in one file, so that one rename replaces both. */
  static String both(KeyedCertificate pair) {
    return key(pair.key()) + certificate(pair.certificate());
  }

  /**
   * Reads what {@link #both} wrote.
   *
   * @throws IllegalArgumentException with a clause that says what is wrong, without any content
   */
  static KeyedCertificate parse(String text) {
    X509Certificate certificate = parseCertificate(bytes(CERTIFICATE, text));
    PrivateKey key = parseKey(bytes(KEY, text));
    if (!belongs(key, certificate)) {
      throw new IllegalArgumentException("its key does not belong to its certificate");
    }
    return new KeyedCertificate(certificate, key);
  }

  private static X509Certificate parseCertificate(byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException _) {
      throw new IllegalArgumentException("its certificate is damaged");
    }
  }

  private static PrivateKey parseKey(byte[] der) {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (GeneralSecurityException _) {
      throw new IllegalArgumentException("its private key is damaged");
    }
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    try {
      byte[] message = certificate.getEncoded();
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static String block(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static byte[] bytes(String label, String text) {
    Matcher matcher =
        Pattern.compile(
                "-----BEGIN " + label + "-----\n(.*?)\n-----END " + label + "-----\n",
                Pattern.DOTALL)
            .matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("it holds no " + label);
    }
    try {
      return Base64.getMimeDecoder().decode(matcher.group(1));
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("its " + label + " is damaged");
    }
  }
}
