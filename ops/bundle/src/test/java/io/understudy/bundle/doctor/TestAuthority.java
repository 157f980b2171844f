package io.understudy.bundle.doctor;

import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of its own for each test, and certificates of any dates and addresses. */
public final class TestAuthority {
  private static final X500Name NAME = new X500Name("CN=test authority");

  private final KeyPair keys;
  private final String certificate;

  private TestAuthority(KeyPair keys, String certificate) {
    this.keys = keys;
    this.certificate = certificate;
  }

  /** A certificate with its key, both PEM. */
  public record Issued(String certificate, String key) {}

  /** Valid for ten years from then on. */
  public static TestAuthority create(Instant from) throws Exception {
    KeyPair keys = newKeys();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
                NAME,
                BigInteger.ONE,
                Date.from(from),
                Date.from(from.plusSeconds(3650L * 86_400)),
                NAME,
                keys.getPublic())
            .addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    return new TestAuthority(keys, signed(builder, keys));
  }

  /** PEM. */
  public String certificate() {
    return certificate;
  }

  /** For the address, which is its only name. */
  public Issued issue(String address, Instant from, Instant until) throws Exception {
    KeyPair own = newKeys();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
                NAME,
                BigInteger.TWO,
                Date.from(from),
                Date.from(until),
                new X500Name("CN=nodes,OU=coordination"),
                own.getPublic())
            .addExtension(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
    return new Issued(
        signed(builder, keys), pem(new JcaPKCS8Generator(own.getPrivate(), null).generate()));
  }

  private static KeyPair newKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static String signed(X509v3CertificateBuilder builder, KeyPair by) throws Exception {
    return pem(
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate())));
  }

  private static String pem(Object object) throws Exception {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }
}
