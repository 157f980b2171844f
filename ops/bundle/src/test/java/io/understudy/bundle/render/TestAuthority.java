package io.understudy.bundle.render;

import io.understudy.bundle.authority.Identity;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates that last an hour. */
final class TestAuthority {
  private static final Duration LIFE = Duration.ofHours(1);

  private final X500Name name;
  private final KeyPair keys = newKeys();
  private final String certificate;
  private long lastSerial = 1;

  TestAuthority(String name) {
    this.name = new X500Name("CN=" + name);
    this.certificate = pem(sign(builder(this.name, keys), authority -> constrain(authority)));
  }

  /** PEM. */
  String certificate() {
    return certificate;
  }

  /** A certificate for a host, or for a person where host and address are empty. */
  Identity issue(String subject, String host, String address) {
    KeyPair own = newKeys();
    String signed =
        pem(sign(builder(new X500Name(subject), own), leaf -> describe(leaf, host, address)));
    return new Identity(
        signed, pemKey(own), Long.toHexString(lastSerial), Instant.now().plus(LIFE));
  }

  /** Adds what sets a certificate apart. */
  private interface Extensions {
    void addTo(X509v3CertificateBuilder builder) throws IOException;
  }

  private static void constrain(X509v3CertificateBuilder authority) throws IOException {
    authority.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
  }

  private static void describe(X509v3CertificateBuilder leaf, String host, String address)
      throws IOException {
    leaf.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    if (!host.isEmpty()) {
      leaf.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, host),
                new GeneralName(GeneralName.iPAddress, address),
                // The tests let servers listen on the loopback address with the same last number.
                new GeneralName(GeneralName.iPAddress, address.replace("10.77.0.", "127.77.0."))
              }));
    }
  }

  private JcaX509v3CertificateBuilder builder(X500Name subject, KeyPair own) {
    lastSerial++;
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        name,
        BigInteger.valueOf(lastSerial),
        Date.from(now.minus(LIFE)),
        Date.from(now.plus(LIFE)),
        subject,
        own.getPublic());
  }

  private Object sign(JcaX509v3CertificateBuilder builder, Extensions extensions) {
    try {
      extensions.addTo(builder);
      return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pemKey(KeyPair keys) {
    try {
      return pem(new JcaPKCS8Generator(keys.getPrivate(), null));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(Object object) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }
}
