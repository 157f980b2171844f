package io.understudy.controller;

import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A fake node behind real mutual TLS on loopback, with an authority of its own. */
public final class TlsNode implements AutoCloseable {
  private final Path folder;
  private final KeyPair authorityKey = newKey();
  private final X509Certificate authority;
  private final Server server;

  /** What goes wrong with the node's certificate. */
  public enum Flaw {
    NONE,
    EXPIRED,
    OTHER_ADDRESS
  }

  public TlsNode(Path folder, FakeControlPlane service, Flaw flaw) throws Exception {
    this.folder = folder;
    this.authority = authority(authorityKey);
    write("ca.crt", authority);
    Duration validity = flaw == Flaw.EXPIRED ? Duration.ofHours(-1) : Duration.ofHours(1);
    String address = flaw == Flaw.OTHER_ADDRESS ? "127.0.0.9" : "127.0.0.1";
    issue("node", validity, address);
    issue("operator", Duration.ofHours(1), address);
    this.server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                TlsServerCredentials.newBuilder()
                    .keyManager(file("node.crt").toFile(), file("node.key").toFile())
                    .trustManager(file("ca.crt").toFile())
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                    .build())
            .addService(service)
            .build()
            .start();
  }

  public int port() {
    return server.getPort();
  }

  /** A configuration whose only context leads here. */
  public Path config() throws IOException {
    Path config = file("config.yaml");
    Files.write(
        config,
        List.of(
            "current-context: demo",
            "contexts:",
            "  demo:",
            "    endpoints: [\"127.0.0.1:" + port() + "\"]",
            "    certificate: operator.crt",
            "    key: operator.key",
            "    authority: ca.crt"));
    return config;
  }

  public Path file(String name) {
    return folder.resolve(name);
  }

  /** Issues a certificate and its key as {@code NAME.crt} and {@code NAME.key}. */
  public void issue(String name, Duration validity, String address) throws Exception {
    KeyPair key = newKey();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            authority,
            BigInteger.valueOf(name.hashCode()).abs(),
            Date.from(Instant.now().minus(Duration.ofHours(2))),
            Date.from(Instant.now().plus(validity)),
            new X500Name("CN=" + name + ",OU=operator"),
            key.getPublic());
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, address)));
    write(name + ".crt", signed(builder));
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(new JcaPKCS8Generator(key.getPrivate(), null));
    }
    Path file = file(name + ".key");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text.toString());
  }

  /** Writes the certificate of an authority that issued nothing here. */
  public void writeOtherAuthority(String name) throws Exception {
    write(name, authority(newKey()));
  }

  private X509Certificate authority(KeyPair key) throws Exception {
    X509v3CertificateBuilder builder = authorityBuilder(key);
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
  }

  private static X509v3CertificateBuilder authorityBuilder(KeyPair key) throws CertIOException {
    X500Name name = new X500Name("CN=authority");
    return new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(Instant.now().minus(Duration.ofHours(2))),
            Date.from(Instant.now().plus(Duration.ofHours(2))),
            name,
            key.getPublic())
        .addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
  }

  private X509Certificate signed(X509v3CertificateBuilder builder)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate())));
  }

  private void write(String name, X509Certificate certificate) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
    }
    Files.writeString(file(name), text.toString());
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has elliptic curves", e);
    }
  }

  /** Ends the node as a crash would. */
  public void stop() {
    server.shutdownNow();
  }

  @Override
  public void close() {
    stop();
  }
}
