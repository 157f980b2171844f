package io.understudy.bundle.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Iterables;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.cluster.Operator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rotations on a folder. What counts is judged from the material of two hosts of which one has a
 * stage's bundle and the other one still the former's.
 */
final class RotationsTest {
  private static final Instant NOW = Instant.parse("2026-07-29T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final Rotation TUNNEL = new Rotation.TunnelKeySet();
  private static final Rotation AUTHORITIES = new Rotation.Authorities();
  private static final Rotation CERTIFICATES = new Rotation.Certificates();
  private static final Rotation ANNA = new Rotation.OperatorCertificate("anna");

  @TempDir private Path temporary = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void makeTheFolder() {
    folder = temporary.resolve("authority");
    try (Authority authority = Authority.create(folder, "main", CLOCK)) {
      var _ = authority.material(Clusters.MAIN);
    }
  }

  @Test
  void atNoStageOfTheTunnelsRotationTwoHostsCannotTalk() {
    List<Material> stages = new ArrayList<>();
    stages.add(material());
    for (int i = 0; i < 6; i++) {
      stages.add(step(TUNNEL, Signal.ADVANCE));
    }
    assertThat(stages.stream().map(RotationsTest::interfaces))
        .containsExactly("wg0*", "wg0* wg1", "wg0 wg1*", "wg1*", "wg0 wg1*", "wg0* wg1", "wg0*");
    checkNeighbours(stages);
    assertThat(stages.getLast().tunnels())
        .as("two rotations later the keys are other ones")
        .isNotEqualTo(stages.getFirst().tunnels());
    assertThat(folder.resolve("tunnel/wg1")).doesNotExist();
  }

  @Test
  void aRotationOfTheTunnelCanBeTakenBackStepByStep() {
    List<Material> stages = new ArrayList<>();
    stages.add(material());
    stages.add(step(TUNNEL, Signal.ADVANCE));
    stages.add(step(TUNNEL, Signal.ADVANCE));
    stages.add(step(TUNNEL, Signal.ABORT));
    stages.add(step(TUNNEL, Signal.ABORT));
    checkNeighbours(stages);
    assertThat(stages.getLast()).isEqualTo(stages.getFirst());
    assertThat(folder.resolve("tunnel/wg1")).doesNotExist();

    Material again = step(TUNNEL, Signal.ADVANCE);
    assertThat(again.tunnels().get(1).hosts())
        .as("keys that were given up are not used again")
        .isNotEqualTo(stages.get(1).tunnels().get(1).hosts());
    assertThatThrownBy(() -> step(TUNNEL, Signal.REVOKE)).isInstanceOf(AuthorityException.class);
  }

  @Test
  void aHostThatJoinsDuringARotationGetsKeysForBothInterfaces() {
    var _ = step(TUNNEL, Signal.ADVANCE);
    Material material =
        material(Clusters.with(Clusters.host("engine", HostRole.TRADING, "10.77.0.20")));
    assertThat(material.tunnels()).hasSize(2).allMatch(keys -> keys.hosts().containsKey("engine"));
  }

  @Test
  void whatAnInterruptedIntroductionLeftIsNotUsed() throws Exception {
    String before = Files.readString(folder.resolve("state"));
    Material first = step(TUNNEL, Signal.ADVANCE);
    Files.writeString(folder.resolve("state"), before);
    Material second = step(TUNNEL, Signal.ADVANCE);
    assertThat(second.tunnels().get(0)).isEqualTo(first.tunnels().get(0));
    assertThat(second.tunnels().get(1)).isNotEqualTo(first.tunnels().get(1));
  }

  @Test
  void atNoStageOfTheAuthoritiesRotationTwoPartiesDoNotTrustEachOther() {
    List<Material> stages = new ArrayList<>();
    stages.add(material());
    for (int i = 0; i < 6; i++) {
      stages.add(step(AUTHORITIES, Signal.ADVANCE));
    }
    checkNeighbours(stages);
    assertThat(stages.stream().map(each -> anchors(each.apiTrust()).size()))
        .containsExactly(1, 2, 2, 1, 2, 2, 1);
    assertThat(stages.get(1).nodes()).isEqualTo(stages.get(0).nodes());
    assertThat(stages.get(2).nodes()).isNotEqualTo(stages.get(1).nodes());
    assertThat(stages.get(3).nodes()).isEqualTo(stages.get(2).nodes());
    assertThat(trusts(stages.get(3).apiTrust(), identity(stages.get(0).nodes(), "alpha")))
        .as("what the old authority issued ends with it")
        .isFalse();
    assertThat(folder.resolve("api/1")).doesNotExist();
    assertThat(folder.resolve("coordination/2")).doesNotExist();
    assertThat(folder.resolve("api/3/authority.pem")).exists();
  }

  @Test
  void newAuthoritiesCanBeGivenUpUntilTheyHaveIssued() {
    Material first = material();
    Material second = step(AUTHORITIES, Signal.ADVANCE);
    Material third = step(AUTHORITIES, Signal.ABORT);
    assertThat(third).isEqualTo(first);
    checkNeighbours(List.of(first, second, third));
    assertThat(folder.resolve("api/2")).doesNotExist();

    var _ = step(AUTHORITIES, Signal.ADVANCE);
    var _ = step(AUTHORITIES, Signal.ADVANCE);
    assertThatThrownBy(() -> step(AUTHORITIES, Signal.ABORT))
        .isInstanceOf(AuthorityException.class)
        .hasMessageContaining("can only be finished");
  }

  @Test
  void renewedCertificatesComeFromTheSameAuthorityAndHaveNewKeys() {
    Material first = material();
    Material second = step(CERTIFICATES, Signal.ADVANCE);
    assertThat(second.apiTrust()).isEqualTo(first.apiTrust());
    assertThat(second.tunnels()).isEqualTo(first.tunnels());
    assertThat(second.revoked()).isEmpty();
    Stream.of(
            List.of(first.nodes(), second.nodes()),
            List.of(first.operators(), second.operators()),
            List.of(first.coordinationClients(), second.coordinationClients()),
            List.of(first.coordinationServers(), second.coordinationServers()))
        .forEach(pair -> {
          assertThat(pair.get(1).keySet()).isEqualTo(pair.get(0).keySet());
          pair.get(0)
              .forEach((name, identity) ->
                  assertThat(identity(pair.get(1), name).key()).isNotEqualTo(identity.key()));
        });
    checkNeighbours(List.of(first, second));
  }

  @Test
  void renewedCertificatesFitAChangedAddressOrReplaceDamagedOnes() throws Exception {
    ClusterFile moved = Clusters.with(Clusters.host("beta", HostRole.STANDBY, "10.77.0.9"));
    Files.writeString(folder.resolve("api/1/nodes/alpha.pem"), "damaged");
    assertThatThrownBy(() -> material(moved)).isInstanceOf(AuthorityException.class);
    Material material = step(CERTIFICATES, Signal.ADVANCE, moved);
    assertThat(material.nodes().keySet()).containsExactly("alpha", "beta");
  }

  @Test
  void aChangedRoleIsNotRenewedBesideTheFormerOne() {
    ClusterFile demoted = Clusters.with(new Operator("anna", Operator.Role.VIEWER, "desk"));
    assertThatThrownBy(() -> step(CERTIFICATES, Signal.ADVANCE, demoted))
        .isInstanceOf(AuthorityException.class)
        .hasMessageContaining("run `understudy cluster rotate operator anna` first");
    String former = serial(material(), "anna");
    Material issued = step(ANNA, Signal.ADVANCE, demoted);
    assertThat(issued.revoked()).isEmpty();
    assertThat(step(ANNA, Signal.ADVANCE, demoted).revoked()).containsExactly(former);
  }

  @Test
  void anOperatorsFormerCertificateCountsUntilTheSecondStep() {
    Material first = material();
    Material second = step(ANNA, Signal.ADVANCE);
    assertThat(serial(second, "anna")).isNotEqualTo(serial(first, "anna"));
    assertThat(serial(second, "watch")).isEqualTo(serial(first, "watch"));
    assertThat(second.revoked()).isEmpty();

    Material third = step(ANNA, Signal.ADVANCE);
    assertThat(third.operators()).isEqualTo(second.operators());
    assertThat(third.revoked()).containsExactly(serial(first, "anna"));
    assertThatThrownBy(() -> step(ANNA, Signal.ABORT)).isInstanceOf(AuthorityException.class);
  }

  @Test
  void aRevokedOperatorHasNoCertificateThatCountsUntilHeGetsANewOne() {
    String first = serial(material(), "anna");
    String second = serial(step(CERTIFICATES, Signal.ADVANCE), "anna");

    Material revoked = step(ANNA, Signal.REVOKE);
    assertThat(revoked.revoked()).containsExactlyInAnyOrder(first, second);
    assertThat(revoked.operators().keySet()).containsExactly("watch");
    assertThat(step(ANNA, Signal.REVOKE)).as("twice is the same").isEqualTo(revoked);
    assertThat(step(CERTIFICATES, Signal.ADVANCE).operators().keySet()).containsExactly("watch");

    var _ = step(AUTHORITIES, Signal.ADVANCE);
    assertThat(step(AUTHORITIES, Signal.ADVANCE).operators().keySet()).containsExactly("watch");
    var _ = step(AUTHORITIES, Signal.ADVANCE);

    Material again = step(ANNA, Signal.ADVANCE);
    assertThat(again.operators().keySet()).containsExactly("anna", "watch");
    assertThat(again.revoked()).contains(first, second).doesNotContain(serial(again, "anna"));
  }

  @Test
  void aSingleCertificateCanBeRevoked() {
    String former = serial(material(), "anna");
    Material renewed = step(CERTIFICATES, Signal.ADVANCE);
    revoke("anna", asOpensslPrintsIt(former));
    assertThat(material().revoked()).containsExactly(former);
    assertThat(material().operators()).isEqualTo(renewed.operators());

    revoke("anna", serial(renewed, "anna"));
    assertThat(material().operators().keySet())
        .as("what is revoked is not rendered")
        .containsExactly("watch");
    assertThatThrownBy(() -> revoke("anna", "beef"))
        .isInstanceOf(AuthorityException.class)
        .hasMessageStartingWith("anna has no certificate with the serial beef (expected: one of ");
    assertThatThrownBy(() -> revoke("otto", "beef")).hasMessage("otto never had a certificate.");
  }

  @Test
  void whoLeftTheClusterCanStillBeRevoked() {
    String serial = serial(material(), "anna");
    ClusterFile without = Clusters.without("anna");
    assertThat(step(ANNA, Signal.REVOKE, without).revoked()).containsExactly(serial);
    assertThat(material().operators().keySet())
        .as("also when the file names her again")
        .containsExactly("watch");
    assertThatThrownBy(() -> step(ANNA, Signal.ADVANCE, without))
        .hasMessage("There is no operator anna in the cluster file (expected: one of watch).");
  }

  @Test
  void anOperatorWithoutACertificateIsToldToRender() {
    ClusterFile more = Clusters.with(new Operator("carl", Operator.Role.VIEWER, "desk"));
    assertThatThrownBy(() -> step(new Rotation.OperatorCertificate("carl"), Signal.ADVANCE, more))
        .hasMessage(
            "carl has no certificate yet: run `understudy cluster render`, which makes it.");
  }

  @Test
  void aRotationOfAllBeginsOnlyWhenEverythingIsSound() throws Exception {
    Files.writeString(folder.resolve("api/1/nodes/alpha.pem"), "damaged");
    Map<String, String> before = files();
    for (Rotation rotation : List.of(TUNNEL, AUTHORITIES)) {
      assertThatThrownBy(() -> step(rotation, Signal.ADVANCE))
          .isInstanceOf(AuthorityException.class)
          .hasMessageContaining("alpha.pem");
    }
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void aPlanChangesNothing() throws Exception {
    Map<String, String> before = files();
    try (Authority authority = Authority.open(folder, "main", CLOCK)) {
      for (Rotation rotation : List.of(TUNNEL, AUTHORITIES, CERTIFICATES, ANNA)) {
        assertThat(authority.plan(rotation, Signal.ADVANCE, Clusters.MAIN).will()).isNotEmpty();
      }
      assertThat(authority.plan(ANNA, Signal.REVOKE, Clusters.MAIN).will())
          .isEqualTo("All certificates of anna are revoked, and none is issued.");
    }
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void theProgressNamesTheCommandThatGoesOn() {
    assertThat(progress())
        .containsExactly(
            new Progress("tunnel", "steady", "wg0 alone", ""),
            new Progress("authorities", "steady", "1 alone", ""));
    var _ = step(TUNNEL, Signal.ADVANCE);
    var _ = step(AUTHORITIES, Signal.ADVANCE);
    var _ = step(ANNA, Signal.REVOKE);
    assertThat(progress())
        .containsExactly(
            new Progress(
                "tunnel",
                "introduced",
                "wg0 preferred, wg1 beside it",
                "understudy cluster rotate wireguard"),
            new Progress(
                "authorities",
                "trusted",
                "both trusted, 1 issues, 2 waits",
                "understudy cluster rotate certificates --authorities"),
            new Progress(
                "operator anna",
                "revoked",
                "no certificate counts",
                "understudy cluster rotate operator anna"));
  }

  private Material step(Rotation rotation, Signal signal) {
    return step(rotation, signal, Clusters.MAIN);
  }

  private Material step(Rotation rotation, Signal signal, ClusterFile cluster) {
    try (Authority authority = Authority.open(folder, "main", CLOCK)) {
      authority.carryOut(rotation, signal, cluster);
      return authority.material(cluster, VoterChange.ALLOWED);
    }
  }

  private void revoke(String operator, String serial) {
    try (Authority authority = Authority.open(folder, "main", CLOCK)) {
      authority.revoke(operator, serial);
    }
  }

  private Material material() {
    return material(Clusters.MAIN);
  }

  private Material material(ClusterFile cluster) {
    try (Authority authority = Authority.open(folder, "main", CLOCK)) {
      return authority.material(cluster);
    }
  }

  private ImmutableList<Progress> progress() {
    try (Authority authority = Authority.open(folder, "main", CLOCK)) {
      return authority.progress();
    }
  }

  private static String asOpensslPrintsIt(String serial) {
    String digits = Strings.padStart(serial, 32, '0').toUpperCase(Locale.ROOT);
    return String.join(":", Splitter.fixedLength(2).split(digits));
  }

  /** A host of each stage talks with one of the next, in both directions. */
  private static void checkNeighbours(List<Material> stages) {
    for (int i = 1; i < stages.size(); i++) {
      checkTalk(stages.get(i - 1), stages.get(i));
      checkTalk(stages.get(i), stages.get(i - 1));
    }
  }

  private static void checkTalk(Material from, Material to) {
    TunnelKeys used =
        from.tunnels().stream().filter(TunnelKeys::preferred).findFirst().orElseThrow();
    assertThat(to.tunnels())
        .as("the receiver holds the interface that the sender prefers, with the same keys")
        .anyMatch(keys ->
            keys.interfaceName().equals(used.interfaceName())
                && keys.hosts().equals(used.hosts())
                && keys.preSharedKeys().equals(used.preSharedKeys()));
    for (Identity shown : Iterables.concat(from.nodes().values(), from.operators().values())) {
      assertThat(trusts(to.apiTrust(), shown)).isTrue();
      assertThat(to.revoked()).doesNotContain(shown.serial());
    }
    for (Identity shown :
        Iterables.concat(
            from.coordinationClients().values(), from.coordinationServers().values())) {
      assertThat(trusts(to.coordinationTrust(), shown)).isTrue();
    }
  }

  private static String interfaces(Material material) {
    return material.tunnels().stream()
        .map(keys -> keys.interfaceName() + (keys.preferred() ? "*" : ""))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static boolean trusts(String trust, Identity identity) {
    try {
      PKIXParameters parameters = new PKIXParameters(anchors(trust));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(NOW));
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      Certificate certificate = factory.generateCertificate(stream(identity.certificate()));
      var _ =
          CertPathValidator.getInstance("PKIX")
              .validate(factory.generateCertPath(List.of(certificate)), parameters);
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static Set<TrustAnchor> anchors(String pem) {
    try {
      return CertificateFactory.getInstance("X.509").generateCertificates(stream(pem)).stream()
          .map(each -> new TrustAnchor((X509Certificate) each, null))
          .collect(Collectors.toSet());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Identity identity(ImmutableMap<String, Identity> identities, String name) {
    Identity identity = identities.get(name);
    if (identity == null) {
      throw new AssertionError("no identity of " + name);
    }
    return identity;
  }

  private static String serial(Material material, String operator) {
    return identity(material.operators(), operator).serial();
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(path).toString(), Files.readString(path));
      }
    }
    return files;
  }
}
