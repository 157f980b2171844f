package io.understudy.bundle.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.ExpectedSocket;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.HostManifest.Peer;
import org.junit.jupiter.api.Test;

final class HostManifestTest {
  @Test
  void whatIsWrittenIsReadAgain() {
    HostManifest manifest = Hosts.alpha(Hosts.OLD, Hosts.NEW);

    String json = ManifestJson.write(manifest);

    assertThat(ManifestJson.read(json)).isEqualTo(manifest);
    assertThat(json).isEqualTo(ManifestJson.write(Hosts.alpha(Hosts.OLD, Hosts.NEW)));
    assertThat(json).startsWith("{\n  \"version\" : 1,\n").endsWith("}\n");
    assertThat(json).contains("\"role\" : \"primary\"").doesNotContain("private-");
  }

  @Test
  void aNodeHasAllHostsForPeersAndAnOperatorOnlyTheNodes() {
    assertThat(Hosts.alpha().tunnels().getFirst().peers())
        .extracting(Peer::host)
        .containsExactly("beta", "gamma", "desk");
    assertThat(Hosts.desk().tunnels().getFirst().peers())
        .extracting(Peer::host)
        .containsExactly("alpha", "beta");
  }

  @Test
  void theNewInterfaceOfARotationListensOnAPortOfItsOwn() {
    HostManifest manifest = Hosts.alpha(Hosts.OLD, Hosts.NEW);

    assertThat(manifest.tunnels().getLast().listenPort()).isEqualTo(51821);
    assertThat(manifest.tunnels().getLast().peers().getFirst())
        .isEqualTo(new Peer("beta", "10.77.0.2", "new-key-of-beta=", "198.51.100.2:51821", 25));
    assertThat(manifest.tunnels().getLast().peers().getLast().endpoint()).isEmpty();
  }

  @Test
  void aServiceThatATimerStartsNeedNotBeActive() {
    assertThat(Hosts.alpha().units())
        .containsExactly(
            "wg-quick@wg0.service",
            "understudy-drill.timer",
            "understudy-zookeeper.service",
            "understudyd.service");
  }

  @Test
  void theManifestNamesItself() {
    assertThat(Hosts.alpha().files())
        .contains(new InstalledFile("/etc/understudy/host.json", "0644", "root:root"));
  }

  @Test
  void certificatesAreFoundByTheirFiles() {
    assertThat(Hosts.alpha().certificates())
        .containsExactly(
            new CertificateFiles(
                "/etc/understudy-zookeeper/server.pem",
                "/etc/understudy-zookeeper/server.pem",
                "/etc/understudy-zookeeper/authority.pem",
                "10.77.0.1"),
            new CertificateFiles(
                "/etc/understudy/tls/coordination.crt",
                "/etc/understudy/tls/coordination.key",
                "/etc/understudy/tls/coordination-authority.crt",
                "10.77.0.1"),
            new CertificateFiles(
                "/etc/understudy/tls/node.crt",
                "/etc/understudy/tls/node.key",
                "/etc/understudy/tls/authority.crt",
                "10.77.0.1"));
    assertThat(Hosts.desk().certificates())
        .extracting(CertificateFiles::address)
        .containsExactly("");
  }

  @Test
  void anOperatorsHostListensNowhereAndKnowsNoSecretOfAGateway() {
    HostManifest desk = Hosts.desk();

    assertThat(desk.sockets()).extracting(ExpectedSocket::always).containsOnly(false);
    assertThat(desk.credentials()).isEmpty();
    assertThat(desk.coordination().servers()).isEmpty();
    assertThat(desk.gateways()).isEmpty();
    assertThat(desk.nodes()).hasSize(2);
  }

  @Test
  void aManifestOfAnotherVersionIsRefusedWithARemedy() {
    String newer = ManifestJson.write(Hosts.desk()).replace("\"version\" : 1", "\"version\" : 2");

    assertThatThrownBy(() -> ManifestJson.read(newer))
        .hasMessage("version: 2 (expected: 1; a newer bundle needs a newer understudy)");
  }

  @Test
  void whatIsNoManifestIsRefused() {
    assertThatThrownBy(() -> ManifestJson.read("{\"version\": 1}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cluster");
    assertThatThrownBy(() -> ManifestJson.read("cluster: main"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
