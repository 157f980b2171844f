package io.understudy.bundle.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-07-29T12:00:00Z");
  private static final ImmutableList<Leaf> LEAVES = Leaf.of(Clusters.MAIN);
  private static final CertificateAuthority API =
      CertificateAuthority.create("main", Scope.API, 1, NOW);
  private static final CertificateAuthority COORDINATION =
      CertificateAuthority.create("main", Scope.COORDINATION, 1, NOW);

  @Test
  void eachKindOfCertificateNamesItsOwnerAndRole() {
    assertThat(LEAVES)
        .extracting(leaf -> issue(leaf).certificate().getSubjectX500Principal().getName())
        .containsExactly(
            "CN=alpha,OU=node,O=main",
            "CN=beta,OU=node,O=main",
            "CN=anna,OU=operator,O=main",
            "CN=watch,OU=viewer,O=main",
            "CN=nodes,OU=coordination,O=main",
            "CN=nodes,OU=coordination,O=main",
            "CN=alpha,OU=server,O=main",
            "CN=beta,OU=server,O=main",
            "CN=gamma,OU=server,O=main");
  }

  @Test
  void aHostsCertificateHoldsForItsNameAndItsAddressInTheTunnel() throws Exception {
    for (Leaf leaf : LEAVES) {
      X509Certificate certificate = issue(leaf).certificate();
      if (leaf.host().isPresent()) {
        assertThat(certificate.getSubjectAlternativeNames())
            .extracting(name -> (Object) name)
            .containsExactlyInAnyOrder(
                List.of(2, leaf.host().get().id()), List.of(7, leaf.host().get().address()));
      } else {
        assertThat(certificate.getSubjectAlternativeNames()).isNull();
      }
    }
  }

  @Test
  void onlyThoseWhoAreCalledMayServe() throws Exception {
    String server = "1.3.6.1.5.5.7.3.1";
    String client = "1.3.6.1.5.5.7.3.2";
    for (Leaf leaf : LEAVES) {
      X509Certificate certificate = issue(leaf).certificate();
      List<String> expected =
          switch (leaf.kind()) {
            case NODE, SERVER -> List.of(server, client);
            case OPERATOR, CLIENT -> List.of(client);
          };
      assertThat(certificate.getExtendedKeyUsage()).isEqualTo(expected);
      assertThat(certificate.getBasicConstraints()).as("no authority").isEqualTo(-1);
      assertThat(certificate.getKeyUsage())
          .as("digital signature alone")
          .containsExactly(true, false, false, false, false, false, false, false, false);
    }
  }

  @Test
  void aCertificateHoldsForThirteenMonthsAndFromALittleBefore() {
    X509Certificate certificate = issue(LEAVES.getFirst()).certificate();
    assertThat(certificate.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(1)));
    assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(397)));
    assertThat(certificate.getPublicKey()).isInstanceOf(ECPublicKey.class);
    assertThat(((ECPublicKey) certificate.getPublicKey()).getParams().getOrder().bitLength())
        .isEqualTo(256);
    assertThat(certificate.getSerialNumber().bitLength()).isBetween(90, 127);
  }

  @Test
  void aCertificateDoesNotOutliveItsAuthority() {
    Instant late = NOW.plus(CertificateAuthority.OWN_LIFE).minus(Duration.ofDays(10));
    KeyedCertificate made = API.issue(LEAVES.getFirst(), late);
    assertThat(made.until()).isEqualTo(API.own().until());
  }

  @Test
  void neitherAuthorityAcceptsWhatTheOtherIssued() throws Exception {
    for (Leaf leaf : LEAVES) {
      X509Certificate certificate = parsed(issue(leaf));
      CertificateAuthority own = authority(leaf);
      CertificateAuthority other = own == API ? COORDINATION : API;
      assertThatCode(() -> verify(certificate, own)).doesNotThrowAnyException();
      assertThatThrownBy(() -> verify(certificate, other))
          .isInstanceOf(CertPathValidatorException.class);
      assertThat(own.issued(certificate)).isTrue();
      assertThat(other.issued(certificate)).isFalse();
    }
  }

  @Test
  void anAuthorityOfTheSameNameIsNotTheSameAuthority() {
    CertificateAuthority stranger = CertificateAuthority.create("main", Scope.API, 1, NOW);
    X509Certificate certificate = stranger.issue(LEAVES.getFirst(), NOW).certificate();
    assertThat(API.issued(certificate)).isFalse();
    assertThatThrownBy(() -> verify(certificate, API))
        .isInstanceOf(CertPathValidatorException.class);
  }

  @Test
  void opensslVerifiesThemToo(@TempDir Path folder) throws Exception {
    Tools.need("openssl", "openssl");
    CertificateAuthority authority =
        CertificateAuthority.create("main", Scope.API, 1, Instant.now());
    Path trust = folder.resolve("authority.crt");
    Files.writeString(trust, Pem.certificate(authority.own().certificate()));
    for (Leaf leaf : LEAVES) {
      KeyedCertificate made = authority.issue(leaf, Instant.now());
      Path certificate = folder.resolve(leaf.kind() + "-" + leaf.name() + ".crt");
      Files.writeString(certificate, Pem.certificate(made.certificate()));
      String purpose = leaf.kind().serves() ? "sslserver" : "sslclient";
      assertThat(
              Tools.run(
                  "",
                  "openssl",
                  "verify",
                  "-x509_strict",
                  "-purpose",
                  purpose,
                  "-CAfile",
                  trust.toString(),
                  certificate.toString()))
          .isEqualTo(certificate + ": OK");
      assertThat(Tools.run(Pem.key(made.key()), "openssl", "pkey", "-noout", "-text"))
          .contains("prime256v1");
    }
  }

  @Test
  void keyAndCertificateSurviveTheirTextForm() {
    KeyedCertificate made = issue(LEAVES.getFirst());
    KeyedCertificate again = Pem.parse(Pem.both(made));
    assertThat(again.certificate()).isEqualTo(made.certificate());
    assertThat(again.key()).isEqualTo(made.key());
  }

  @Test
  void aDamagedTextFormSaysWhatIsWrongAndShowsNothing() {
    KeyedCertificate one = issue(LEAVES.getFirst());
    KeyedCertificate two = issue(LEAVES.getFirst());
    assertThatThrownBy(() -> Pem.parse(Pem.key(one.key()) + Pem.certificate(two.certificate())))
        .hasMessage("its key does not belong to its certificate");
    assertThatThrownBy(() -> Pem.parse(Pem.certificate(one.certificate())))
        .hasMessage("it holds no PRIVATE KEY");
    assertThatThrownBy(() -> Pem.parse(Pem.both(one).replace("KEY-----\nM", "KEY-----\nA")))
        .hasMessage("its private key is damaged");
  }

  @Test
  void nothingShowsAPrivateKey() {
    KeyedCertificate made = issue(LEAVES.getFirst());
    assertThat(made + " " + made.identity()).contains(made.serial()).doesNotContain("KEY");
  }

  private static CertificateAuthority authority(Leaf leaf) {
    return leaf.kind().scope() == Scope.API ? API : COORDINATION;
  }

  private static KeyedCertificate issue(Leaf leaf) {
    return authority(leaf).issue(leaf, NOW);
  }

  private static X509Certificate parsed(KeyedCertificate made) throws Exception {
    String pem = made.identity().certificate();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static void verify(X509Certificate certificate, CertificateAuthority authority)
      throws Exception {
    PKIXParameters parameters =
        new PKIXParameters(Set.of(new TrustAnchor(authority.own().certificate(), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(NOW));
    var _ =
        CertPathValidator.getInstance("PKIX")
            .validate(
                CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)),
                parameters);
  }
}
