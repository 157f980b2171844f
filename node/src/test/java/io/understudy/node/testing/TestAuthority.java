package io.understudy.node.testing;

import io.understudy.node.config.TlsFiles;
import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority for one test, which writes PEM files into a directory. */
public final class TestAuthority {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** PEM files of one certificate. */
  public record PemFiles(Path certificate, Path key, Path authority) {
    /** What a daemon would read from them, now and later. */
    public Reloaded<TlsMaterial> material() throws DriverException {
      return new TlsFiles(certificate, key, authority).reloaded("test", InstantSource.system());
    }

    /** The number by which the certificate can be revoked. */
    public BigInteger serial() throws DriverException {
      return material().current().chain().getFirst().getSerialNumber();
    }

    /** The same files under other names, for an end whose files will be replaced. */
    public PemFiles copiedTo(Path directory) throws IOException {
      Path _ = Files.createDirectories(directory);
      PemFiles copies =
          new PemFiles(
              directory.resolve("own.crt"),
              directory.resolve("own.key"),
              directory.resolve("authority.crt"));
      copies.replacedBy(this);
      copies.trusting(authority);
      return copies;
    }

    /** Certificate and key of another one, under the names of this one. */
    public void replacedBy(PemFiles other) throws IOException {
      replace(certificate, Files.readString(other.certificate));
      replace(key, Files.readString(other.key));
    }

    /** Replaces the authorities that are trusted. */
    public void trusting(Path... authorities) throws IOException {
      StringBuilder all = new StringBuilder();
      for (Path one : authorities) {
        all.append(Files.readString(one));
      }
      replace(authority, all.toString());
    }

    private static void replace(Path file, String text) throws IOException {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.deleteIfExists(next);
      Files.createFile(next, PRIVATE);
      Files.writeString(next, text);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path directory;
  private final KeyPair keys;
  private final X500Name name;
  private final Path certificate;

  public TestAuthority(Path directory, String commonName) {
    this.directory = directory;
    this.keys = newKeys();
    this.name = new X500Name("CN=" + commonName);
    Instant now = Instant.now();
    this.certificate =
        write(
            commonName + ".ca.pem",
            "CERTIFICATE",
            encoded(sign(name, keys, now.minusSeconds(60), now.plusSeconds(3_600), true)));
  }

  /** A certificate that is valid now. */
  public PemFiles issue(String commonName, String unit) {
    return issue(commonName, unit, Instant.now().plus(Duration.ofHours(1)));
  }

  /** A certificate that is or was valid until {@code until}. */
  public PemFiles issue(String commonName, String unit, Instant until) {
    KeyPair own = newKeys();
    X500Name subject = new X500Name("O=demo,OU=" + unit + ",CN=" + commonName);
    X509Certificate issued = sign(subject, own, until.minus(Duration.ofDays(1)), until, false);
    String file = name.toString().replace("CN=", "") + "." + commonName;
    return new PemFiles(
        write(file + ".crt.pem", "CERTIFICATE", encoded(issued)),
        write(file + ".key.pem", "PRIVATE KEY", own.getPrivate().getEncoded()),
        certificate);
  }

  private X509Certificate sign(
      X500Name subject, KeyPair own, Instant from, Instant until, boolean authority) {
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(100, RANDOM),
              Date.from(from),
              Date.from(until),
              subject,
              own.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!authority) {
        String commonName = subject.toString().replaceAll(".*CN=", "");
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName[] {
                  new GeneralName(GeneralName.dNSName, commonName),
                  new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path write(String file, String kind, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    try {
      Files.deleteIfExists(directory.resolve(file));
      return Files.writeString(
          Files.createFile(directory.resolve(file), PRIVATE),
          "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
