package io.understudy.bundle.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.cluster.Operator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-07-29T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @TempDir private Path temporary = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void nameTheFolder() {
    folder = temporary.resolve("authority");
  }

  @Test
  void aNewAuthorityHasAllThatTheClusterNeeds() {
    Material material = create(Clusters.MAIN);

    TunnelKeys keys = material.tunnels().getFirst();
    assertThat(material.tunnels()).hasSize(1);
    assertThat(keys.interfaceName()).isEqualTo("wg0");
    assertThat(keys.preferred()).isTrue();
    assertThat(keys.hosts().keySet()).containsExactly("alpha", "beta", "gamma", "desk");
    assertThat(keys.preSharedKeys().keySet())
        .as("nodes talk to everybody, the others to nodes")
        .containsExactly("alpha/beta", "alpha/desk", "alpha/gamma", "beta/desk", "beta/gamma");
    assertThat(keys.preSharedKey("desk", "beta")).isEqualTo(keys.preSharedKey("beta", "desk"));
    assertThat(material.nodes().keySet()).containsExactly("alpha", "beta");
    assertThat(material.coordinationClients().keySet()).containsExactly("alpha", "beta");
    assertThat(material.coordinationServers().keySet()).containsExactly("alpha", "beta", "gamma");
    assertThat(material.operators().keySet()).containsExactly("anna", "watch");
    assertThat(material.revoked()).isEmpty();
  }

  @Test
  void whatWasMadeIsKept() throws Exception {
    Material first = create(Clusters.MAIN);
    Map<String, String> files = files();
    assertThat(material(Clusters.MAIN)).isEqualTo(first);
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void aNewHostAndANewOperatorGetWhatTheyLackAndNobodyElseAnything() throws Exception {
    Material first = create(Clusters.MAIN);
    Map<String, String> before = files();

    Material second =
        material(Clusters.with(Clusters.host("engine", HostRole.TRADING, "10.77.0.20")));
    assertThat(second.tunnels().getFirst().hosts()).containsKey("engine");
    assertThat(second.tunnels().getFirst().preSharedKeys())
        .containsKeys("alpha/engine", "beta/engine")
        .containsAllEntriesOf(first.tunnels().getFirst().preSharedKeys());
    assertThat(second.nodes()).isEqualTo(first.nodes());

    Material third = material(Clusters.with(new Operator("carl", Operator.Role.VIEWER, "desk")));
    assertThat(third.operators()).containsKey("carl").containsAllEntriesOf(first.operators());

    Map<String, String> after = files();
    before.remove("state");
    assertThat(after).containsAllEntriesOf(before);
    assertThat(after.keySet())
        .contains("tunnel/wg0/hosts/engine.key", "tunnel/wg0/pairs/alpha.engine.key");
  }

  @Test
  void nobodyElseCanLookIntoTheFolder() throws Exception {
    var _ = create(Clusters.MAIN);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .as(path.toString())
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void theFolderOfAnotherClusterIsRefused() {
    var _ = create(Clusters.MAIN);
    assertThatThrownBy(() -> Authority.open(folder, "paper", CLOCK))
        .isInstanceOf(AuthorityException.class)
        .hasMessage(
            folder
                + " holds the keys of cluster 'main', and the cluster file describes 'paper': name"
                + " the right folder with --authority.");
  }

  @Test
  void twoCommandsDoNotWorkInOneFolder() {
    try (Authority _ = Authority.create(folder, "main", CLOCK)) {
      assertThatThrownBy(() -> Authority.open(folder, "main", CLOCK))
          .hasMessage(
              "Another command works in " + folder + ": wait until it has ended, then try again.");
    }
    Authority.open(folder, "main", CLOCK).close();
  }

  @Test
  void anExistingFolderIsNotMadeAnew() throws Exception {
    var _ = create(Clusters.MAIN);
    Map<String, String> files = files();
    assertThatThrownBy(() -> Authority.create(folder, "main", CLOCK))
        .isInstanceOf(AuthorityException.class)
        .hasMessageStartingWith(folder + " is not empty");
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void aMissingFolderIsNotMadeByTheWay() {
    assertThatThrownBy(() -> Authority.open(folder, "main", CLOCK))
        .hasMessage(
            folder
                + " does not exist: name the authority's folder with --authority, or restore it from"
                + " a backup. That of a new cluster is made by `understudy cluster render`.");
    assertThat(Authority.exists(folder)).isFalse();
  }

  @Test
  void aFileThatOthersMayReadIsRefused() throws Exception {
    var _ = create(Clusters.MAIN);
    Path key = folder.resolve("tunnel/wg0/hosts/alpha.key");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
    refuses(
        key
            + " is open to others (rw-r-----): run `chmod 600 "
            + key
            + "`, and if somebody else may have read it, rotate what it holds.");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    refuses(
        folder
            + " is open to others (rwxr-xr-x): run `chmod 700 "
            + folder
            + "`, and if somebody else may have read it, rotate what it holds.");
  }

  @Test
  void aMissingKeyThatHostsUseIsNotReplaced() throws Exception {
    var _ = create(Clusters.MAIN);
    Path key = folder.resolve("tunnel/wg0/hosts/alpha.key");
    Files.delete(key);
    refuses(
        key
            + " is missing, and hosts use the key that it held: restore it from a backup. If there"
            + " is none, delete the line 'key wg0 alpha …' of "
            + folder.resolve("state")
            + ": then a new key is made, and the tunnel is down for its owner until every host has"
            + " its new bundle.");
    assertThat(key).doesNotExist();
  }

  @Test
  void aMissingCertificateThatWasGivenOutIsNotReplaced() throws Exception {
    var _ = create(Clusters.MAIN);
    Path file = folder.resolve("api/1/nodes/alpha.pem");
    Files.delete(file);
    refuses(
        file
            + " is missing, and the node certificate of alpha was given out: restore it from a"
            + " backup, or run `understudy cluster rotate certificates`.");
  }

  @Test
  void aMissingAuthorityIsNotReplaced() throws Exception {
    var _ = create(Clusters.MAIN);
    Files.delete(folder.resolve("coordination/1/authority.pem"));
    refuses(
        folder.resolve("coordination/1/authority.pem")
            + " is missing: restore it from a backup. Without it nothing can be issued that the"
            + " hosts trust.");
  }

  @Test
  void aDamagedFileIsRefusedAndStaysAsItIs() throws Exception {
    var _ = create(Clusters.MAIN);
    for (String name :
        List.of(
            "tunnel/wg0/hosts/beta.key",
            "tunnel/wg0/pairs/alpha.beta.key",
            "api/1/nodes/beta.pem",
            "api/1/operators/anna.pem",
            "api/1/authority.pem",
            "coordination/1/servers/gamma.pem",
            "state")) {
      Path file = folder.resolve(name);
      String content = Files.readString(file);
      Files.writeString(file, "cut short");
      assertThatThrownBy(() -> material(Clusters.MAIN))
          .as(name)
          .isInstanceOf(AuthorityException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("restore it from a backup")
          .hasMessageNotContaining("cut short");
      assertThat(file).hasContent("cut short");
      Files.writeString(file, content);
    }
    var _ = material(Clusters.MAIN);
  }

  @Test
  void aKeyThatWasExchangedIsNoticed() throws Exception {
    var _ = create(Clusters.MAIN);
    Path key = folder.resolve("tunnel/wg0/hosts/beta.key");
    Files.writeString(key, WireGuardKeys.newHostKey().privateKey());
    refuses(
        key
            + " holds no usable key (it is not the key that was given out): restore it from a"
            + " backup.");
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNoticed() throws Exception {
    var _ = create(Clusters.MAIN);
    Path file = folder.resolve("api/1/nodes/alpha.pem");
    Files.writeString(file, Files.readString(folder.resolve("coordination/1/clients/alpha.pem")));
    refuses(
        file
            + " cannot be used, this authority did not issue its certificate: restore it from a"
            + " backup, or run `understudy cluster rotate certificates`.");
  }

  @Test
  void aChangedAddressNeedsNewCertificates() {
    var _ = create(Clusters.MAIN);
    assertThatThrownBy(
            () -> changed(Clusters.with(Clusters.host("beta", HostRole.STANDBY, "10.77.0.9"))))
        .isInstanceOf(AuthorityException.class)
        .hasMessage(
            "The node certificate of beta holds for beta, 10.77.0.2, but the cluster file says"
                + " beta, 10.77.0.9: run `understudy cluster rotate certificates`, which issues all"
                + " certificates anew, or restore the former address. It lies at "
                + folder.resolve("api/1/nodes/beta.pem")
                + ".");
  }

  @Test
  void aChangedRoleNeedsANewCertificateOfTheOperator() {
    var _ = create(Clusters.MAIN);
    assertThatThrownBy(
            () -> material(Clusters.with(new Operator("anna", Operator.Role.VIEWER, "desk"))))
        .hasMessageContaining("'CN=anna,OU=operator,O=main'")
        .hasMessageContaining("(expected: 'CN=anna,OU=viewer,O=main')")
        .hasMessageContaining("`understudy cluster rotate operator anna`");
  }

  @Test
  void aFileThatAnInterruptedCommandLeftIsTakenOver() throws Exception {
    Authority.create(folder, "main", CLOCK).close();
    String before = Files.readString(folder.resolve("state"));
    Material first = material(Clusters.MAIN);
    String after = Files.readString(folder.resolve("state"));

    Files.writeString(folder.resolve("state"), before);
    assertThat(material(Clusters.MAIN)).isEqualTo(first);
    assertThat(Files.readString(folder.resolve("state"))).isEqualTo(after);
  }

  @Test
  void whatExpiresIsReportedAndNotReplaced() {
    Material material = create(Clusters.MAIN);
    assertThat(Expiry.of(material, NOW)).isEmpty();

    Instant soon = NOW.plus(Duration.ofDays(397 - 44));
    assertThat(Expiry.of(material, soon))
        .hasSize(9)
        .first()
        .extracting(Expiry::sentence)
        .isEqualTo(
            "The node certificate of alpha expires on 2027-08-30: run `understudy cluster rotate"
                + " certificates`, render, and install the bundles.");
    Instant late = NOW.plus(Duration.ofDays(398));
    assertThat(Expiry.of(material, late)).allMatch(Expiry::expired);
    assertThat(Expiry.of(material, NOW.plus(Duration.ofDays(3650 - 100))))
        .filteredOn(expiry -> !expiry.expired())
        .extracting(Expiry::what)
        .containsExactly("authority of the API", "authority of coordination");

    try (Authority authority = Authority.open(folder, "main", InstantSource.fixed(late))) {
      assertThat(authority.material(Clusters.MAIN)).isEqualTo(material);
    }
  }

  @Test
  void aNewerVersionOfTheFolderIsRefused() throws Exception {
    var _ = create(Clusters.MAIN);
    Path state = folder.resolve("state");
    Files.writeString(
        state, Files.readString(state).replace("understudy-authority 1", "understudy-authority 2"));
    refuses(
        state
            + " cannot be used, it was written by another version of understudy, as"
            + " 'understudy-authority 2': restore it from a backup.");
  }

  @Test
  void theMaterialShowsNoSecrets() {
    Material material = create(Clusters.MAIN);
    String shown = material + " " + material.nodes() + " " + material.tunnels();
    TunnelKeys keys = material.tunnels().getFirst();
    keys.hosts().values().forEach(key -> assertThat(shown).doesNotContain(key.privateKey()));
    keys.preSharedKeys().values().forEach(key -> assertThat(shown).doesNotContain(key));
    assertThat(shown).doesNotContain("PRIVATE");
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

  private void refuses(String sentence) throws IOException {
    Map<String, String> before = files();
    assertThatThrownBy(() -> material(Clusters.MAIN))
        .isInstanceOf(AuthorityException.class)
        .hasMessage(sentence);
    assertThat(files()).isEqualTo(before);
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
