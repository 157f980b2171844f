package io.understudy.bundle.authority;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
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
 * Issues certificates, EC P-256 all of them. Subjects are {@code CN=name,OU=unit,O=cluster}; the
 * authority's own is {@code CN=cluster api 1,OU=authority,O=cluster}, with the number of its
 * generation, so that two of them side by side have different names.
 */
final class CertificateAuthority {
  static final Duration OWN_LIFE = Duration.ofDays(3650);
  static final Duration LEAF_LIFE = Duration.ofDays(397);

  /** Certificates hold from a little before they were made, for hosts whose clocks differ. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyedCertificate own;

  /** One that exists. */
  CertificateAuthority(KeyedCertificate own) {
    this.own = own;
  }

  static CertificateAuthority create(String cluster, Scope scope, int generation, Instant now) {
    try {
      KeyPair keys = newKeys();
      X500Name name = name(cluster + " " + scope.word() + " " + generation, "authority", cluster);
      X509v3CertificateBuilder builder =
          builder(name, name, now, now.plus(OWN_LIFE), keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new CertificateAuthority(
          new KeyedCertificate(signed(builder, keys.getPrivate()), keys.getPrivate()));
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("The JDK cannot make an EC P-256 certificate", e);
    }
  }

  /** Issues a certificate with a key of its own. It does not outlive the authority. */
  KeyedCertificate issue(Leaf leaf, Instant now) {
    try {
      KeyPair keys = newKeys();
      Instant until = now.plus(LEAF_LIFE);
      X500Name issuer =
          X500Name.getInstance(own.certificate().getSubjectX500Principal().getEncoded());
      X509v3CertificateBuilder builder =
          builder(
              issuer,
              X500Name.getInstance(subject(leaf).getEncoded()),
              now,
              until.isAfter(own.until()) ? own.until() : until,
              keys.getPublic());
      extend(builder, leaf);
      return new KeyedCertificate(signed(builder, own.key()), keys.getPrivate());
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("The JDK cannot make an EC P-256 certificate", e);
    }
  }

  /** Whether this authority issued it. */
  boolean issued(X509Certificate certificate) {
    try {
      certificate.verify(own.certificate().getPublicKey());
      return certificate
          .getIssuerX500Principal()
          .equals(own.certificate().getSubjectX500Principal());
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  KeyedCertificate own() {
    return own;
  }

  private void extend(X509v3CertificateBuilder builder, Leaf leaf)
      throws GeneralSecurityException, IOException {
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(own.certificate()));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    KeyPurposeId[] purposes =
        leaf.kind().serves()
            ? new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}
            : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    if (leaf.host().isPresent()) {
      Leaf.Where where = leaf.host().get();
      GeneralName[] names = {
        new GeneralName(GeneralName.dNSName, where.id()),
        new GeneralName(GeneralName.iPAddress, where.address())
      };
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
  }

  /** The name that a certificate has to carry. */
  static X500Principal subject(Leaf leaf) {
    try {
      return new X500Principal(name(leaf.commonName(), leaf.unit(), leaf.cluster()).getEncoded());
    } catch (IOException e) {
      throw new IllegalStateException("The JDK cannot encode a name", e);
    }
  }

  private static X500Name name(String commonName, String unit, String organisation) {
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, organisation)
        .addRDN(BCStyle.OU, unit)
        .addRDN(BCStyle.CN, commonName)
        .build();
  }

  private static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, Instant now, Instant until, PublicKey key)
      throws GeneralSecurityException, IOException {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(127, RANDOM).add(BigInteger.ONE),
            Date.from(now.minus(CLOCK_TOLERANCE).truncatedTo(ChronoUnit.SECONDS)),
            Date.from(until.truncatedTo(ChronoUnit.SECONDS)),
            subject,
            key);
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    return builder;
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey issuer)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer)));
  }
}
