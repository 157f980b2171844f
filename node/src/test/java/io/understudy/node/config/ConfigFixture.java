package io.understudy.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.understudy.settings.ConfigException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A directory with everything that a configuration file may name. */
record ConfigFixture(Path directory) {
  static final String MINIMAL =
      """
      cluster: main
      node: alpha
      state-directory: state
      coordination:
        connect: 127.0.0.1:2181
      api:
        listen: 127.0.0.1:7443
        certificate: node.crt
        key: node.key
        authority: ca.crt
      gateways:
        live:
          driver: client-portal
          mode: live
          username-file: live-username
          password-file: live-password
          second-factor:
            kind: totp
            secret-file: live-totp
          relay:
            listen: 127.0.0.1:4001
          client-portal:
            program: gateway
      """;

  static ConfigFixture create(Path directory) throws IOException {
    ConfigFixture fixture = new ConfigFixture(directory);
    for (String secret : new String[] {"live-username", "live-password", "live-totp"}) {
      fixture.secret(secret, secret + " value\n");
    }
    fixture.certificates("node.crt", "node.key", Instant.now().plus(Duration.ofDays(1)));
    fixture.certificates("ca.crt", "ca.key", Instant.now().plus(Duration.ofDays(1)));
    Files.createDirectory(directory.resolve("gateway"));
    return fixture;
  }

  void secret(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, text, StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  /** Writes the text as configuration file and reads it. */
  NodeConfig load(String yaml) throws ConfigException, IOException {
    Path file = directory.resolve("understudyd.yaml");
    Files.writeString(file, yaml, StandardCharsets.UTF_8);
    return NodeConfig.load(file);
  }

  /** A self-signed certificate and its key. */
  void certificates(String certificateName, String keyName, Instant ends) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=test");
      byte[] certificate =
          new JcaX509v3CertificateBuilder(
                  name,
                  BigInteger.ONE,
                  Date.from(ends.minus(Duration.ofDays(10))),
                  Date.from(ends),
                  name,
                  pair.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
              .getEncoded();
      Files.writeString(directory.resolve(certificateName), pem("CERTIFICATE", certificate));
      secret(keyName, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("no certificate for the test", e);
    }
  }

  private static String pem(String type, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type);
  }

  /** What is wrong with a configuration; it must not be accepted. */
  List<String> problemsOf(String yaml) {
    ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> load(yaml));
    assertThat(thrown).as("a configuration with mistakes was accepted").isNotNull();
    return thrown.problems().stream().map(ConfigException.Problem::toString).toList();
  }
}
