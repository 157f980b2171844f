package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.bundle.cluster.Host;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WireGuardConfTest {
  private static final String WG0 = "/etc/wireguard/wg0.conf";
  private static final String WG1 = "/etc/wireguard/wg1.conf";

  @TempDir private Path root;

  private static String rotating(Host host, String target) {
    return Rendered.file(Rendered.bundle(Clusters.MAIN, Materials.ROTATING, host), target);
  }

  @Test
  void aNodeHasATunnelToEveryHostAndAllOthersOnlyToTheNodes() {
    assertThat(Rendered.file(Rendered.bundle(Clusters.ALPHA), WG0))
        .contains("# beta\n", "# gamma\n", "# desk\n", "# engine\n")
        .doesNotContain("# alpha\n");
    assertThat(Rendered.file(Rendered.bundle(Clusters.DESK), WG0))
        .contains("# alpha\n", "# beta\n")
        .doesNotContain("# gamma\n", "# engine\n");
  }

  @Test
  void aHostWithoutAnEndpointListensToNoPortOfItsOwnAndIsNotCalled() {
    assertThat(Rendered.file(Rendered.bundle(Clusters.DESK), WG0))
        .doesNotContain("ListenPort")
        .contains("Endpoint = [2001:db8::2]:51820\n");
    assertThat(Rendered.file(Rendered.bundle(Clusters.GAMMA), WG0))
        .contains("ListenPort = 51820\n");
  }

  @Test
  void theNewKeysHaveAPortOfTheirOwnAndTheSameAddresses() {
    assertThat(rotating(Clusters.ALPHA, WG1))
        .contains("ListenPort = 51821\n", "Address = 10.77.0.1/32\n")
        .contains("Endpoint = 198.51.100.3:51821\n");
  }

  @Test
  void routesPreferOneOfTwoInterfaces() {
    assertThat(rotating(Clusters.ALPHA, WG0))
        .contains("PostUp = ip route replace 10.77.0.2/32 dev %i metric 200 src 10.77.0.1\n");
    assertThat(rotating(Clusters.ALPHA, WG1))
        .contains("PostUp = ip route replace 10.77.0.2/32 dev %i metric 100 src 10.77.0.1\n");
  }

  @Test
  void bothEndsShareAKeyThatNoOtherTwoHave() {
    String shared = Materials.STEADY.tunnels().getFirst().preSharedKey("beta", "alpha");
    assertThat(Rendered.file(Rendered.bundle(Clusters.ALPHA), WG0)).contains(shared);
    assertThat(Rendered.file(Rendered.bundle(Clusters.BETA), WG0)).contains(shared);
  }

  /** Real interfaces with the old and the new keys, side by side. */
  @Test
  void wireGuardTakesBothGenerationsAndRoutesGoByTheirMetric() {
    Tool.assumeInstalled("wg-quick", "wireguard-tools");
    Tool.assumeInstalled("wireguard-go", "wireguard-go");
    Tool.assumeNamespaces();
    Rendered.install(Rendered.bundle(Clusters.MAIN, Materials.ROTATING, Clusters.ALPHA), root);
    Tool.Ended ended =
        Tool.runIsolated(
            """
            mount -t tmpfs none /run
            ip link set lo up
            cd %s/etc/wireguard
            trap 'wg-quick down ./wg1.conf; wg-quick down ./wg0.conf' EXIT
            wg-quick up ./wg0.conf
            wg-quick up ./wg1.conf
            wg show all allowed-ips
            wg show all persistent-keepalive
            ip -4 -br address show
            ip -4 route show
            ip -4 route get 10.77.0.2
            cat /proc/sys/net/ipv4/conf/wg0/rp_filter
            """
                .formatted(root));
    assertThat(ended.output())
        .contains("10.77.0.2 dev wg0 scope link src 10.77.0.1 metric 200")
        .contains("10.77.0.2 dev wg1 scope link src 10.77.0.1 metric 100")
        .contains("10.77.0.2 dev wg1 src 10.77.0.1")
        .contains("10.77.0.20/32")
        .contains("\t25\n")
        .doesNotContain("World", "world accessible", "Unrecognized");
    assertThat(ended.status()).isZero();
  }
}
