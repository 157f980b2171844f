package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.bundle.authority.Authority;
import io.understudy.bundle.authority.Material;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.controller.Clusters;
import io.understudy.controller.Harness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterRotateVerbTest {
  private static final String CLUSTER =
      """
      cluster: main
      tunnel: {subnet: 10.77.0.0/24}
      hosts:
        alpha: {role: primary, endpoint: "198.51.100.1:51820", address: 10.77.0.1}
        beta: {role: standby, endpoint: "198.51.100.2:51820", address: 10.77.0.2}
        gamma: {role: witness, endpoint: "198.51.100.3:51820", address: 10.77.0.3}
        desk: {role: operator, address: 10.77.0.10}
      gateways:
        live:
          driver: client-portal
          mode: live
          relay-port: 4001
          program-port: 5000
          second-factor: totp
      operators:
        anna: {role: operator, host: desk}
        watch: {role: viewer, host: desk}
      """;

  private Path home;
  private Path file;
  private Harness harness;

  @BeforeEach
  void makeTheCluster(@TempDir Path folder) throws Exception {
    home = folder;
    harness = new Harness(home);
    file = Files.writeString(home.resolve("cluster.yaml"), CLUSTER);
    InstantSource clock = InstantSource.fixed(Clusters.NOW);
    try (Authority authority = Authority.create(home.resolve("authority"), "main", clock)) {
      var _ = authority.material(ClusterFile.load(file));
    }
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void theTunnelsRotationExplainsAsksAndNamesTheNextStep() throws Exception {
    harness.terminal.types("y");
    Harness.Run run = rotate("wireguard");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .contains("New keys are made for a second interface, wg1. All traffic stays on wg0.")
        .contains("Go on? [y/N]");
    assertThat(run.out()).contains("Next: Run `understudy cluster render`");
    assertThat(material().tunnels()).hasSize(2);
  }

  @Test
  void whoSaysNoChangesNothing() throws Exception {
    Material before = material();
    harness.terminal.types("n");
    Harness.Run run = rotate("certificates");
    assertThat(run.exitCode()).isEqualTo(130);
    assertThat(material()).isEqualTo(before);
  }

  @Test
  void withoutATerminalItHasToBeConfirmedBeforehand() throws Exception {
    Material before = material();
    Harness.Run run = rotate("certificates");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("add --yes");
    assertThat(material()).isEqualTo(before);
    assertThat(rotate("certificates", "--yes").exitCode()).isZero();
    assertThat(material().nodes()).isNotEqualTo(before.nodes());
  }

  @Test
  void aDryRunSaysWhatWouldBeDone() throws Exception {
    Material before = material();
    Harness.Run run = rotate("certificates", "--authorities", "--dry-run");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Nothing was changed. It would be so: New authorities");
    assertThat(material()).isEqualTo(before);
  }

  @Test
  void aStageThatDropsSomethingSaysWhatHasToBeTrue() {
    assertThat(rotate("wireguard", "--yes").exitCode()).isZero();
    assertThat(rotate("wireguard", "--yes").exitCode()).isZero();
    harness.terminal.types("n");
    assertThat(rotate("wireguard").err())
        .contains("Make sure: Every host sends by wg1 by now: one that does not would lose its");
  }

  @Test
  void whatCannotBeAbortedIsASentence() {
    Harness.Run run = rotate("wireguard", "--abort", "--yes");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "understudy: The tunnel's keys are not being rotated: there is nothing to abort.\n");
  }

  @Test
  void theStatusIsATableOrData() {
    assertThat(rotate("certificates", "--authorities", "--yes").exitCode()).isZero();
    assertThat(rotate("status").out())
        .contains("tunnel", "steady", "wg0 alone", "trusted", "both trusted, 1 issues, 2 waits");
    assertThat(rotate("status", "-o", "json").out())
        .contains("\"next\": \"understudy cluster rotate certificates --authorities\"");
  }

  @Test
  void anOperatorsCertificatesAreRevokedAndThenIssuedAnew() throws Exception {
    Harness.Run revoked = cluster("revoke", "operator", "anna", "--yes");
    assertThat(revoked.exitCode()).isZero();
    assertThat(revoked.out()).contains("All certificates of anna are revoked");
    assertThat(material().operators()).doesNotContainKey("anna");
    assertThat(material().revoked()).hasSize(1);
    assertThat(rotate("operator", "anna", "--yes").exitCode()).isZero();
    assertThat(material().operators()).containsKey("anna");
  }

  @Test
  void aSerialThatNobodyHasIsRefusedWithThoseThatThereAre() {
    Harness.Run run = cluster("revoke", "operator", "anna", "--serial", "beef", "--yes");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("anna has no certificate with the serial beef");
  }

  @Test
  void theFolderOfAnotherClusterIsRefused() throws Exception {
    Files.writeString(file, CLUSTER.replace("cluster: main", "cluster: paper"));
    Harness.Run run = rotate("status");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("holds the keys of cluster 'main'");
  }

  private Harness.Run rotate(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "rotate";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return cluster(all);
  }

  private Harness.Run cluster(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "cluster";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--file";
    all[arguments.length + 2] = file.toString();
    return harness.runAsIs(all);
  }

  private Material material() throws Exception {
    InstantSource clock = InstantSource.fixed(Clusters.NOW);
    try (Authority authority = Authority.open(home.resolve("authority"), "main", clock)) {
      return authority.material(ClusterFile.load(file));
    }
  }
}
