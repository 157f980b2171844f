package io.understudy.bundle.doctor.machine;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * What a PEM file holds: certificates in their order, and a private key if there is one.
 *
 * @param certificates maybe none
 */
public record PemFile(ImmutableList<X509Certificate> certificates, Optional<PrivateKey> key) {
  private static final char[] NO_PASSWORD = new char[0];

  /**
   * Reads the text of a file.
   *
   * @throws IOException when a block is damaged, with a clause
   */
  public static PemFile parse(String text) throws IOException {
    ImmutableList.Builder<X509Certificate> certificates = ImmutableList.builder();
    Optional<PrivateKey> key = Optional.empty();
    JcaPEMKeyConverter keys = new JcaPEMKeyConverter();
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
        switch (block) {
          case X509CertificateHolder holder ->
              certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
          case PrivateKeyInfo info -> key = Optional.of(keys.getPrivateKey(info));
          case PEMKeyPair pair -> key = Optional.of(keys.getPrivateKey(pair.getPrivateKeyInfo()));
          default -> {
            // Parameters of a curve, for instance: nothing that is asked for.
          }
        }
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("a PEM block is damaged: " + e.getMessage(), e);
    }
    return new PemFile(certificates.build(), key);
  }

  static PemFile read(Path file) throws IOException {
    return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
  }

  /** A client's context. */
  static SSLContext context(PemFile own, PemFile key, PemFile authority)
      throws IOException, GeneralSecurityException {
    KeyStore identity = KeyStore.getInstance("PKCS12");
    identity.load(null, null);
    identity.setKeyEntry(
        "own",
        key.key().orElseThrow(() -> new IOException("the key file holds no private key")),
        NO_PASSWORD,
        own.certificates().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(identity, NO_PASSWORD);

    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (X509Certificate certificate : authority.certificates()) {
      trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);

    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  @Override
  public String toString() {
    return "PemFile[certificates=" + certificates.size() + ", key=" + key.isPresent() + "]";
  }
}
