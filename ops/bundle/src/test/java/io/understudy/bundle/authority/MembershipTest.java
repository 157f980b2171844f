package io.understudy.bundle.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.HostRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who leaves, who comes back, and who votes. */
final class MembershipTest {
  private static final Instant NOW = Instant.parse("2026-07-29T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  private static final Host DELTA = Clusters.host("delta", HostRole.STANDBY, "10.77.0.4");
  private static final ClusterFile DELTA_VOTES =
      Clusters.with(DELTA, Clusters.host("zeta", HostRole.WITNESS, "10.77.0.5"));
  private static final ClusterFile DELTA_INSTEAD_OF_BETA =
      Clusters.cluster(
          ImmutableMap.of(
              "delta", DELTA,
              "alpha", Clusters.host("alpha", HostRole.PRIMARY, "10.77.0.1"),
              "gamma", Clusters.host("gamma", HostRole.WITNESS, "10.77.0.3"),
              "desk", Clusters.host("desk", HostRole.OPERATOR, "10.77.0.10")),
          Clusters.MAIN.operators());
  private static final ClusterFile WITNESS_FIRST =
      Clusters.cluster(
          ImmutableMap.of(
              "gamma", Clusters.host("gamma", HostRole.WITNESS, "10.77.0.3"),
              "alpha", Clusters.host("alpha", HostRole.PRIMARY, "10.77.0.1"),
              "beta", Clusters.host("beta", HostRole.STANDBY, "10.77.0.2"),
              "desk", Clusters.host("desk", HostRole.OPERATOR, "10.77.0.10")),
          Clusters.MAIN.operators());

  @TempDir private Path temporary = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void nameTheFolder() {
    folder = temporary.resolve("authority");
  }

  @Test
  void whoLeftIsNotInTheMaterialAndNoLongerLetInButNoFileIsDeleted() throws Exception {
    Material first = create(Clusters.MAIN);
    Map<String, String> files = files();
    Material second = material(Clusters.without("watch"));
    assertThat(second.operators().keySet()).containsExactly("anna");
    assertThat(second.revoked()).containsExactly(serial(first, "watch"));
    files.remove("state");
    assertThat(files()).containsAllEntriesOf(files);
  }

  @Test
  void anOperatorWhoComesBackGetsANewCertificateAndTheFormerOneStaysRevoked() {
    Material first = create(Clusters.MAIN);
    var _ = material(Clusters.without("watch"));
    Material back = material(Clusters.MAIN);
    assertThat(serial(back, "watch")).isNotEqualTo(serial(first, "watch")).isNotEmpty();
    assertThat(back.revoked()).containsExactly(serial(first, "watch"));
    assertThat(serial(back, "anna")).isEqualTo(serial(first, "anna"));
    assertThat(material(Clusters.MAIN)).as("and keeps it").isEqualTo(back);
  }

  @Test
  void aHostThatComesBackGetsNewKeysAndCertificatesAndItsServerId() {
    Material first = create(DELTA_VOTES);
    var _ = changed(Clusters.MAIN);
    Material back = changed(DELTA_VOTES);

    TunnelKeys former = first.tunnels().getFirst();
    TunnelKeys present = back.tunnels().getFirst();
    assertThat(present.hosts().get("delta")).isNotEqualTo(former.hosts().get("delta"));
    assertThat(present.hosts().get("alpha")).isEqualTo(former.hosts().get("alpha"));
    assertThat(present.preSharedKey("alpha", "delta"))
        .isNotEqualTo(former.preSharedKey("alpha", "delta"));
    for (ImmutableMap<String, Identity> before :
        List.of(first.nodes(), first.coordinationClients(), first.coordinationServers())) {
      assertThat(back.nodes().values()).doesNotContain(before.get("delta"));
      assertThat(back.coordinationClients().values()).doesNotContain(before.get("delta"));
      assertThat(back.coordinationServers().values()).doesNotContain(before.get("delta"));
    }
    assertThat(back.revoked())
        .as("those of the API; coordination knows no list")
        .containsExactly(Optional.ofNullable(first.nodes().get("delta")).orElseThrow().serial());
    assertThat(back.serverIds()).isEqualTo(first.serverIds());
    assertThat(material(DELTA_VOTES)).isEqualTo(back);
  }

  @Test
  void aServerIdIsGivenOnceTheWitnessHasTheHighestAtFirstAndTheOrderOfTheFileDoesNotMatter() {
    assertThat(create(WITNESS_FIRST).serverIds())
        .containsExactly(entry("alpha", 1), entry("beta", 2), entry("gamma", 3));
    assertThat(material(Clusters.MAIN).serverIds())
        .containsExactly(entry("alpha", 1), entry("beta", 2), entry("gamma", 3));
    assertThat(material(reversed(Clusters.MAIN)).serverIds())
        .containsExactly(entry("alpha", 1), entry("beta", 2), entry("gamma", 3));
  }

  @Test
  void anotherVoterGetsAnIdOfItsOwnAndNobodyElseThatOfTheFormerOne() {
    var _ = create(Clusters.MAIN);
    assertThat(changed(DELTA_INSTEAD_OF_BETA).serverIds())
        .containsExactly(entry("alpha", 1), entry("gamma", 3), entry("delta", 4));
    assertThat(changed(Clusters.MAIN).serverIds())
        .containsExactly(entry("alpha", 1), entry("beta", 2), entry("gamma", 3));
  }

  @Test
  void otherVotersAreRefusedUntilItIsSaidThatTheyChange() throws Exception {
    var _ = create(Clusters.MAIN);
    Map<String, String> before = files();
    assertThatThrownBy(() -> material(DELTA_INSTEAD_OF_BETA))
        .isInstanceOf(AuthorityException.class)
        .hasMessageStartingWith(
            "The voting hosts are no longer those that were rendered last (alpha at 10.77.0.1,"
                + " beta at 10.77.0.2, gamma at 10.77.0.3; now: alpha at 10.77.0.1, delta at"
                + " 10.77.0.4, gamma at 10.77.0.3)")
        .hasMessageContaining("render with --change-voters");
    assertThat(files()).isEqualTo(before);

    Material after = changed(DELTA_INSTEAD_OF_BETA);
    assertThat(material(DELTA_INSTEAD_OF_BETA)).as("from then on").isEqualTo(after);
  }

  @Test
  void aPreviewTellsWhatWouldBeMadeAndMakesNothing() throws Exception {
    Material first = create(Clusters.MAIN);
    Map<String, String> before = files();
    Preview preview;
    try (Authority authority = Authority.open(folder, "main", CLOCK)) {
      preview = authority.preview(DELTA_INSTEAD_OF_BETA);
    }
    assertThat(files()).isEqualTo(before);
    assertThat(preview.made())
        .contains(
            "WireGuard key wg0 delta",
            "pre-shared key wg0 alpha/delta",
            "node certificate of delta",
            "ZooKeeper server certificate of delta")
        .noneMatch(each -> each.endsWith(" alpha"));
    assertThat(preview.material().tunnels().getFirst().hosts().values())
        .extracting(TunnelKeys.HostKey::publicKey)
        .containsOnlyOnce(Preview.MADE_UP);
    assertThat(preview.material().revoked())
        .containsExactly(Optional.ofNullable(first.nodes().get("beta")).orElseThrow().serial());
    assertThat(preview.refusal()).hasValueSatisfying(each -> assertThat(each).contains("delta"));

    try (Authority authority = Authority.open(folder, "main", CLOCK)) {
      assertThat(authority.preview(Clusters.MAIN))
          .isEqualTo(new Preview(first, ImmutableList.of(), Optional.empty()));
    }
  }

  private Material create(ClusterFile cluster) {
    try (Authority authority = Authority.create(folder, cluster.name(), CLOCK)) {
      return authority.material(cluster);
    }
  }

  private Material material(ClusterFile cluster) {
    try (Authority authority = Authority.open(folder, cluster.name(), CLOCK)) {
      return authority.material(cluster);
    }
  }

  /** Though other hosts vote. */
  private Material changed(ClusterFile cluster) {
    try (Authority authority = Authority.open(folder, cluster.name(), CLOCK)) {
      return authority.material(cluster, VoterChange.ALLOWED);
    }
  }

  private static ClusterFile reversed(ClusterFile cluster) {
    return Clusters.cluster(
        ImmutableMap.copyOf(cluster.hosts().entrySet().asList().reverse()), cluster.operators());
  }

  private static String serial(Material material, String operator) {
    Identity identity = material.operators().get(operator);
    return identity == null ? "" : identity.serial();
  }

  /** Every file with its content. */
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
