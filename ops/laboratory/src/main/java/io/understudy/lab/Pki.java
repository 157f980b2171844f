package io.understudy.lab;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority for one cluster. Its own key stays in memory, so nothing can be issued
 * after the process has gone. All keys are EC P-256; the role of a certificate is its
 * organisational unit.
 */
final class Pki {
  /** What the owner of a certificate may do. */
  enum Role {
    NODE,
    WITNESS,
    /**
     * A node towards ZooKeeper, where all nodes of a cluster have one name: records belong to it.
     */
    COORDINATION,
    OPERATOR,
    VIEWER;

    String unit() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** From when until when a certificate holds. */
  record Validity(Instant from, Instant until) {
    /** From a little ago, for clocks that differ, for the given time. */
    static Validity lasting(Duration duration) {
      Instant now = Instant.now();
      return new Validity(now.minus(Duration.ofMinutes(5)), now.plus(duration));
    }

    /** Over since an hour. */
    static Validity expired() {
      Instant now = Instant.now();
      return new Validity(now.minus(Duration.ofDays(2)), now.minus(Duration.ofHours(1)));
    }
  }

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String cluster;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private Pki(String cluster, KeyPair keys, X509Certificate certificate) {
    this.cluster = cluster;
    this.keys = keys;
    this.certificate = certificate;
  }

  static Pki create(String cluster) {
    try {
      KeyPair keys = newKeys();
      X500Name name = name(cluster + " authority", "authority", cluster);
      X509v3CertificateBuilder builder =
          builder(name, name, Validity.lasting(Duration.ofDays(3650)), keys);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new Pki(cluster, keys, sign(builder, keys));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("The JDK cannot make an EC P-256 certificate", e);
    }
  }

  /** The authority of a cluster that has one: a PEM file with its key and its certificate. */
  static Pki read(String cluster, Path pem) {
    try {
      String text = Files.readString(pem);
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(block(text, "CERTIFICATE")));
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(block(text, "PRIVATE KEY")));
      return new Pki(cluster, new KeyPair(certificate.getPublicKey(), key), certificate);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + pem, e);
    } catch (GeneralSecurityException e) {
      throw new LabException(pem + " holds no authority", e);
    }
  }

  private static byte[] block(String pem, String label) {
    String body = pem.split("-----BEGIN " + label + "-----\n", 2)[1].split("-----END", 2)[0];
    return Base64.getMimeDecoder().decode(body);
  }

  X509Certificate certificate() {
    return certificate;
  }

  /**
   * Issues a certificate and writes it into the directory: {@code NAME.crt.pem}, {@code
   * NAME.key.pem} (PKCS#8), {@code NAME.pem} (both, as ZooKeeper wants it) and the authority's
   * {@code ca.crt.pem}. Files with a key are readable by the owner only.
   */
  Identity issue(Path directory, String name, Role role, Validity validity) {
    return issue(directory, name, role, validity, Host.loopback(name));
  }

  /** The same for a machine elsewhere: the certificate holds for its addresses too. */
  Identity issue(Path directory, String name, Role role, Validity validity, Host host) {
    try {
      KeyPair own = newKeys();
      X509v3CertificateBuilder builder =
          builder(
              X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
              name(name, role.unit(), cluster),
              validity,
              own);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(name, host));
      return Identity.write(directory, name, own.getPrivate(), sign(builder, keys), certificate);
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("The JDK cannot make an EC P-256 certificate", e);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write the certificate of " + name + " to " + directory, e);
    }
  }

  private static GeneralNames alternativeNames(String name, Host host) {
    return new GeneralNames(
        Stream.concat(
                Stream.of(name, "localhost")
                    .map(each -> new GeneralName(GeneralName.dNSName, each)),
                host.addresses().stream().map(each -> new GeneralName(GeneralName.iPAddress, each)))
            .toArray(GeneralName[]::new));
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  private static X500Name name(String commonName, String unit, String organisation) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, organisation)
        .addRDN(BCStyle.OU, unit)
        .addRDN(BCStyle.CN, commonName)
        .build();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, Validity validity, KeyPair keys)
      throws GeneralSecurityException, IOException {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(127, RANDOM).add(BigInteger.ONE),
            Date.from(validity.from()),
            Date.from(validity.until()),
            subject,
            keys.getPublic());
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
    return builder;
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair issuer)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate())));
  }
}
