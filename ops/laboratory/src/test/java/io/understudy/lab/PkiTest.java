package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PkiTest {
  private final Pki pki = Pki.create("lab");

  @TempDir Path directory;

  @Test
  void aCertificateSaysWhoItIsAndWhichRoleItHas() throws Exception {
    Identity a = pki.issue(directory, "a", Pki.Role.NODE, Pki.Validity.lasting(Duration.ofDays(1)));

    X509Certificate read = read(a.certificate());

    read.verify(pki.certificate().getPublicKey());
    assertThat(read.getSubjectX500Principal().getName()).isEqualTo("CN=a,OU=node,O=lab");
    assertThat(read.getSubjectAlternativeNames())
        .containsExactlyInAnyOrder(
            List.of(2, "a"), List.of(2, "localhost"), List.of(7, "127.0.0.1"));
    assertThat(read.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(read(a.authority())).isEqualTo(pki.certificate());
  }

  @Test
  void aKeyIsReadableByItsOwnerOnlyAndFitsItsCertificate() throws Exception {
    Identity operator =
        pki.issue(directory, "alice", Pki.Role.OPERATOR, Pki.Validity.lasting(Duration.ofDays(1)));

    for (Path secret : List.of(operator.key(), operator.keyAndCertificate())) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-------");
    }
    assertThat(Files.readString(operator.keyAndCertificate()))
        .isEqualTo(Files.readString(operator.key()) + Files.readString(operator.certificate()));
    assertThat(readKey(operator.key())).isEqualTo(operator.privateKey());
  }

  @Test
  void anExpiredCertificateIsOver() {
    Identity old = pki.issue(directory, "old", Pki.Role.NODE, Pki.Validity.expired());

    assertThatThrownBy(() -> old.x509().checkValidity())
        .isInstanceOf(CertificateExpiredException.class);
  }

  @Test
  void anAuthorityThatIsReadBackIssuesCertificatesThatItsOwnCertificateVouchesFor()
      throws Exception {
    Identity first =
        pki.issue(directory, "first", Pki.Role.NODE, Pki.Validity.lasting(Duration.ofDays(1)));
    // Any key with its certificate will do: here one that no authority should be.
    Pki read = Pki.read("lab", first.keyAndCertificate());

    Identity second =
        read.issue(directory, "second", Pki.Role.VIEWER, Pki.Validity.lasting(Duration.ofDays(1)));

    second.x509().verify(first.x509().getPublicKey());
  }

  private static X509Certificate read(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static java.security.PrivateKey readKey(Path file) throws Exception {
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(body(file)));
  }

  private static byte[] body(Path pem) throws IOException {
    String body = Files.readString(pem).replaceAll("-----[A-Z ]+-----", "").replace("\n", "");
    return Base64.getDecoder().decode(body);
  }
}
