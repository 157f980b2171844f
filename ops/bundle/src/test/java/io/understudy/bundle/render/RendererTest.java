package io.understudy.bundle.render;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.authority.Identity;
import io.understudy.bundle.authority.Material;
import io.understudy.bundle.authority.TunnelKeys;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Drills;
import io.understudy.bundle.cluster.Host;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RendererTest {
  private static final String DRILL_TIMER = "/etc/systemd/system/understudy-drill.timer";
  private static final ImmutableList<Bundle> BUNDLES =
      Renderer.render(Clusters.MAIN, Materials.ROTATING);

  private static String text(Bundle bundle) {
    return bundle.files().stream().map(RenderedFile::content).collect(toImmutableList()).toString();
  }

  private static ImmutableList<String> targets(Host host) {
    return Rendered.bundle(host).files().stream()
        .map(RenderedFile::target)
        .collect(toImmutableList());
  }

  private static Stream<String> tunnelKeys(Material material, Bundle bundle) {
    return material.tunnels().stream()
        .map(TunnelKeys::hosts)
        .flatMap(hosts -> hosts.entrySet().stream())
        .filter(entry -> !entry.getKey().equals(bundle.host().id()))
        .map(entry -> entry.getValue().privateKey());
  }

  private static Stream<String> certificateKeys(Material material, Bundle bundle) {
    return Stream.of(
            material.nodes(), material.coordinationClients(), material.coordinationServers())
        .flatMap(byHost -> byHost.entrySet().stream())
        .filter(entry -> !entry.getKey().equals(bundle.host().id()))
        .map(entry -> entry.getValue().key());
  }

  @Test
  void theSameInputGivesTheSameBytes() {
    assertThat(Renderer.render(Clusters.MAIN, Materials.ROTATING)).isEqualTo(BUNDLES);
  }

  @Test
  void everyHostHasABundleAndItsFilesStandInTheOrderOfTheirTargets() {
    assertThat(BUNDLES)
        .extracting(bundle -> bundle.host().id())
        .containsExactlyElementsOf(Clusters.MAIN.hosts().keySet());
    assertThat(BUNDLES)
        .allSatisfy(bundle ->
            assertThat(bundle.files())
                .extracting(RenderedFile::target)
                .isSorted()
                .doesNotHaveDuplicates());
  }

  @Test
  void everyFileEndsWithALineEnd() {
    assertThat(BUNDLES)
        .flatExtracting(Bundle::files)
        .allSatisfy(file -> assertThat(file.content()).endsWith("\n").doesNotEndWith("\n\n"));
  }

  @Test
  void noBundleHoldsAnotherHostsPrivateKey() {
    for (Bundle bundle : BUNDLES) {
      assertThat(tunnelKeys(Materials.ROTATING, bundle))
          .allSatisfy(key -> assertThat(text(bundle)).doesNotContain(key));
      assertThat(certificateKeys(Materials.ROTATING, bundle))
          .allSatisfy(key -> assertThat(text(bundle)).doesNotContain(key));
    }
  }

  @Test
  void noBundleHoldsAPreSharedKeyOfTwoOtherHosts() {
    for (Bundle bundle : BUNDLES) {
      for (TunnelKeys keys : Materials.ROTATING.tunnels()) {
        keys.preSharedKeys()
            .forEach((pair, key) -> {
              if (!ImmutableList.copyOf(pair.split("/", -1)).contains(bundle.host().id())) {
                assertThat(text(bundle)).doesNotContain(key);
              }
            });
      }
    }
  }

  @Test
  void operatorsKeysAreOnTheirHostAlone() {
    for (Identity operator : Materials.ROTATING.operators().values()) {
      assertThat(BUNDLES)
          .filteredOn(bundle -> text(bundle).contains(operator.key()))
          .extracting(Bundle::host)
          .containsExactly(Clusters.DESK);
    }
  }

  @Test
  void whatIsPrivateIsForItsOwnerAlone() {
    assertThat(BUNDLES)
        .flatExtracting(Bundle::files)
        .filteredOn(
            file -> file.content().contains("PRIVATE KEY") || file.content().contains("PrivateKey"))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(file.mode()).isEqualTo("0600"));
  }

  @Test
  void theWitnessVotesAndHoldsNothingOfTheNodes() {
    assertThat(targets(Clusters.GAMMA))
        .containsExactly(
            "/etc/systemd/system/nftables.service.d/understudy.conf",
            "/etc/systemd/system/understudy-firewall.service",
            "/etc/systemd/system/understudy-zookeeper.service",
            "/etc/understudy-zookeeper/authority.pem",
            "/etc/understudy-zookeeper/server.pem",
            "/etc/understudy-zookeeper/zoo.cfg",
            "/etc/understudy/firewall-ufw.sh",
            "/etc/understudy/firewall.nft",
            "/etc/understudy/host.json",
            "/etc/wireguard/wg0.conf",
            "/var/lib/understudy-zookeeper/myid");
  }

  @Test
  void aTradingHostHasATunnelAndAFirewall() {
    assertThat(targets(Clusters.ENGINE))
        .containsExactly(
            "/etc/systemd/system/nftables.service.d/understudy.conf",
            "/etc/systemd/system/understudy-firewall.service",
            "/etc/understudy/firewall-ufw.sh",
            "/etc/understudy/firewall.nft",
            "/etc/understudy/host.json",
            "/etc/wireguard/wg0.conf");
  }

  @Test
  void onlyNodesSpeakOfGatewaysCredentials() {
    assertThat(BUNDLES)
        .filteredOn(bundle -> text(bundle).contains("live-password"))
        .extracting(Bundle::host)
        .containsExactly(Clusters.ALPHA, Clusters.BETA);
  }

  @Test
  void thePrimaryAloneRemindsOfDrills() {
    assertThat(targets(Clusters.ALPHA)).contains(DRILL_TIMER);
    assertThat(targets(Clusters.BETA)).doesNotContain(DRILL_TIMER);
    assertThat(targets(Clusters.DESK)).doesNotContain(DRILL_TIMER);
  }

  @Test
  void unattendedDrillsAreRunWhereTheOperatorIs() {
    ClusterFile cluster =
        Clusters.with(new Drills(Drills.Unattended.SWITCHOVER, Optional.of("anna"), false));
    Bundle desk = Rendered.bundle(cluster, Materials.STEADY, Clusters.DESK);
    assertThat(Rendered.file(desk, "/etc/systemd/system/understudy-drill.service"))
        .contains("LoadCredential=anna.key:/etc/understudy/operators/anna/anna.key\n")
        .contains("--gateway live drill run --kind switchover")
        .contains("--gateway paper drill run --kind switchover");
    assertThat(Rendered.bundle(cluster, Materials.STEADY, Clusters.ALPHA).files())
        .extracting(RenderedFile::target)
        .doesNotContain(DRILL_TIMER);
  }

  @Test
  void aRotationOfTunnelKeysChangesNoUnit() {
    assertThat(Rendered.bundle(Clusters.ALPHA).files())
        .filteredOn(file -> file.target().endsWith(".service"))
        .allSatisfy(file ->
            assertThat(
                    Rendered.file(
                        Rendered.bundle(Clusters.MAIN, Materials.ROTATING, Clusters.ALPHA),
                        file.target()))
                .isEqualTo(file.content()));
  }
}
