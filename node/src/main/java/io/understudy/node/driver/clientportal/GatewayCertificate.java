package io.understudy.node.driver.clientportal;

import com.google.common.io.BaseEncoding;
import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificate of one gateway process: made by us, known to nobody else, and the only one that
 * our client and our browser accept. Whoever else listens on the port is therefore recognised.
 */
final class GatewayCertificate {
  static final String KEYSTORE = "gateway.jks";
  private static final String PASSWORD_FILE = "keystore.password";
  private static final String TRUST_STORE = "trust.p12";
  private static final String ALIAS = "gateway";
  private static final long KEYTOOL_SECONDS_MAX = 30;

  private final Certificate certificate;
  private final Path trustStore;
  private final String password;

  private GatewayCertificate(Certificate certificate, Path trustStore, String password) {
    this.certificate = certificate;
    this.trustStore = trustStore;
    this.password = password;
  }

  /**
   * Makes key and certificate with the JDK's keytool. The password goes there by file, never as an
   * argument.
   *
   * @param directory private; receives keystore, password and trust store
   */
  static GatewayCertificate createIn(Path directory) throws DriverException {
    try {
      byte[] random = new byte[16];
      new SecureRandom().nextBytes(random);
      String password = BaseEncoding.base16().lowerCase().encode(random);
      Path passwordFile = PrivateFiles.write(directory.resolve(PASSWORD_FILE), password);
      Path keystore = directory.resolve(KEYSTORE);
      Files.deleteIfExists(keystore);
      runKeytool(keystore, passwordFile);
      Files.delete(passwordFile);
      Files.setPosixFilePermissions(keystore, PrivateFiles.FILE);
      Certificate certificate = read(keystore, password);
      Path trustStore = directory.resolve(TRUST_STORE);
      GatewayCertificate made = new GatewayCertificate(certificate, trustStore, password);
      made.writeTrustStore();
      return made;
    } catch (IOException | GeneralSecurityException e) {
      throw DriverException.transientError(
          "The gateway's certificate could not be made in " + directory + ": " + e.getMessage(), e);
    }
  }

  /** What the gateway must be told to open its keystore. */
  String password() {
    return password;
  }

  /** A store that holds this certificate alone, with the same password. */
  Path trustStore() {
    return trustStore;
  }

  /** Base64 of the SHA-256 of the public key, as Chromium wants it. */
  String publicKeyHash() {
    try {
      byte[] encoded = certificate.getPublicKey().getEncoded();
      return Base64.getEncoder()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** For a client that trusts this certificate and no other. */
  SSLContext clientContext() {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a store with one certificate is always usable", e);
    }
  }

  private KeyStore trusted() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(ALIAS, certificate);
    return store;
  }

  private void writeTrustStore() throws IOException, GeneralSecurityException {
    PrivateFiles.create(trustStore);
    try (OutputStream out = Files.newOutputStream(trustStore)) {
      trusted().store(out, password.toCharArray());
    }
  }

  private static Certificate read(Path keystore, String password)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("JKS");
    try (InputStream in = Files.newInputStream(keystore)) {
      store.load(in, password.toCharArray());
    }
    return store.getCertificate(ALIAS);
  }

  private static void runKeytool(Path keystore, Path passwordFile)
      throws IOException, DriverException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-noprompt",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-sigalg",
                "SHA256withRSA",
                "-startdate",
                "-1d",
                "-validity",
                "3650",
                "-dname",
                "CN=localhost, O=Understudy",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                // The genuine program reads this old format; keytool's warning is not for us.
                "-storetype",
                "JKS",
                "-keystore",
                keystore.toString(),
                "-storepass:file",
                passwordFile.toString(),
                "-keypass:file",
                passwordFile.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!process.waitFor(KEYTOOL_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw DriverException.transientError("keytool did not end within 30 s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw DriverException.transientError("Interrupted while making the gateway's certificate", e);
    }
    if (process.exitValue() != 0) {
      throw DriverException.transientError(
          "keytool ended with " + process.exitValue() + " instead of making a certificate");
    }
  }
}
