package io.understudy.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate with its key, as files and in memory.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8, readable by the owner only
 * @param keyAndCertificate both in one PEM file, readable by the owner only
 * @param authority PEM of the authority that issued it
 */
record Identity(
    String name,
    Path certificate,
    Path key,
    Path keyAndCertificate,
    Path authority,
    PrivateKey privateKey,
    X509Certificate x509,
    X509Certificate x509Authority) {

  static Identity write(
      Path directory,
      String name,
      PrivateKey key,
      X509Certificate certificate,
      X509Certificate authority)
      throws IOException, CertificateEncodingException {
    PrivateFiles.directory(directory);
    String keyPem = pem("PRIVATE KEY", key.getEncoded());
    String certificatePem = pem("CERTIFICATE", certificate.getEncoded());
    return new Identity(
        name,
        PrivateFiles.write(directory.resolve(name + ".crt.pem"), certificatePem),
        PrivateFiles.write(directory.resolve(name + ".key.pem"), keyPem),
        PrivateFiles.write(directory.resolve(name + ".pem"), keyPem + certificatePem),
        PrivateFiles.write(
            directory.resolve("ca.crt.pem"), pem("CERTIFICATE", authority.getEncoded())),
        key,
        certificate,
        authority);
  }

  /** A TLS context that shows this certificate and trusts only the authority. */
  SSLContext sslContext() {
    try {
      char[] password = new char[0];
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, password);
      own.setKeyEntry(name, privateKey, password, new Certificate[] {x509});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, password);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, password);
      trusted.setCertificateEntry("authority", x509Authority);
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("The JDK cannot use the certificate of " + name, e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Identity[" + x509.getSubjectX500Principal().getName() + "]";
  }
}
