package io.understudy.node.config;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.settings.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Looks into PEM files early, so that a bad one is a sentence and not a failed handshake. */
final class PemFile {
  private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String KEY_END = "-----END PRIVATE KEY-----";
  private static final long BYTES_MAX = 1 << 20;

  private PemFile() {}

  /** The certificates in the file, at least one, all of them valid now. */
  @CanIgnoreReturnValue // Whoever only checks has no use for them.
  static ImmutableList<X509Certificate> certificates(Path file, Instant now)
      throws Format.Rejected {
    ImmutableList<X509Certificate> all = certificates(file);
    for (X509Certificate certificate : all) {
      checkValidity(file, certificate, now);
    }
    return all;
  }

  /** Checks that the file holds a private key in the one form that every TLS library here reads. */
  @CanIgnoreReturnValue // Whoever only checks has no use for the text.
  static String checkedKey(Path file) throws Format.Rejected {
    String text = SecretFile.checkedText(file);
    if (!text.contains(KEY_BEGIN) || !text.contains(KEY_END)) {
      throw new Format.Rejected(
          file
              + ": holds no PKCS#8 private key in PEM form (run: openssl pkcs8 -topk8 -nocrypt -in "
              + file
              + ")");
    }
    return text;
  }

  /** The key, if it is the one that the certificate was issued for. */
  static Optional<PrivateKey> key(Path keyFile, X509Certificate certificate)
      throws Format.Rejected {
    PublicKey publicKey = certificate.getPublicKey();
    try {
      PrivateKey privateKey =
          KeyFactory.getInstance(publicKey.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(keyBytes(keyFile)));
      byte[] probe = {1, 2, 3};
      Signature signer = Signature.getInstance(signatureOf(publicKey.getAlgorithm()));
      signer.initSign(privateKey);
      signer.update(probe);
      byte[] signature = signer.sign();
      signer.initVerify(publicKey);
      signer.update(probe);
      return signer.verify(signature) ? Optional.of(privateKey) : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ImmutableList<X509Certificate> certificates(Path file) throws Format.Rejected {
    if (!Files.isRegularFile(file)) {
      throw new Format.Rejected(file + ": no such file");
    }
    try (InputStream stream = Files.newInputStream(file)) {
      if (Files.size(file) > BYTES_MAX) {
        throw new Format.Rejected(
            file + ": larger than 1 MiB (expected: certificates in PEM form)");
      }
      ImmutableList<X509Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(stream).stream()
              .map(X509Certificate.class::cast)
              .collect(ImmutableList.toImmutableList());
      if (!all.isEmpty()) {
        return all;
      }
    } catch (CertificateException e) {
      throw new Format.Rejected(file + ": holds no certificate in PEM form");
    } catch (IOException e) {
      throw new Format.Rejected(
          file + ": not readable by user " + SecretFile.user() + " (run: chmod 644 " + file + ")");
    }
    throw new Format.Rejected(file + ": holds no certificate in PEM form");
  }

  private static void checkValidity(Path file, X509Certificate certificate, Instant now)
      throws Format.Rejected {
    Instant begins = certificate.getNotBefore().toInstant();
    Instant ends = certificate.getNotAfter().toInstant();
    if (now.isAfter(ends)) {
      throw new Format.Rejected(file + ": a certificate expired at " + ends + " (issue a new one)");
    }
    if (now.isBefore(begins)) {
      throw new Format.Rejected(
          file + ": a certificate is not valid before " + begins + " (check this machine's clock)");
    }
  }

  private static byte[] keyBytes(Path file) throws Format.Rejected {
    String text = checkedKey(file);
    int begin = text.indexOf(KEY_BEGIN) + KEY_BEGIN.length();
    return Base64.getMimeDecoder().decode(text.substring(begin, text.indexOf(KEY_END)));
  }

  private static String signatureOf(String algorithm) {
    return switch (algorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> algorithm;
    };
  }
}
