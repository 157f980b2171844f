package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Drills;
import io.understudy.bundle.cluster.Host;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirewallTest {
  @TempDir private Path root;

  private static Place place(Host host) {
    return new Place(Clusters.MAIN, Materials.STEADY, host);
  }

  private static String rules(Host host) {
    return Rendered.file(Rendered.bundle(host), NftablesRules.TARGET);
  }

  @Test
  void operatorsReachTheRelaysOnlyWhereDrillsAreMeasuredThere() {
    ClusterFile probing = Clusters.with(new Drills(Drills.Unattended.NONE, Optional.empty(), true));
    assertThat(relayDoor(Clusters.MAIN)).containsExactly("10.77.0.20");
    assertThat(relayDoor(probing)).containsExactly("10.77.0.10", "10.77.0.20");
  }

  private static ImmutableList<String> relayDoor(ClusterFile cluster) {
    return Firewall.doors(new Place(cluster, Materials.STEADY, Clusters.ALPHA)).stream()
        .filter(door -> door.purpose().equals("relay of live"))
        .findFirst()
        .orElseThrow()
        .from();
  }

  @Test
  void relaysAreForTradingHostsAndTheApiForNodesAndOperators() {
    assertThat(rules(Clusters.ALPHA))
        .contains("ip saddr { 10.77.0.20 } tcp dport 4001 accept")
        .contains("ip saddr { 10.77.0.2, 10.77.0.10 } tcp dport 7443 accept")
        .contains("ip saddr { 10.77.0.2, 10.77.0.10 } tcp dport 7480 accept");
  }

  @Test
  void theStatusPageIsForOperatorsAlone() {
    assertThat(rules(Clusters.ALPHA)).contains("ip saddr { 10.77.0.10 } tcp dport 7481 accept");
  }

  @Test
  void coordinationIsForNodesAndTheQuorumForVoters() {
    assertThat(rules(Clusters.ALPHA))
        .contains("ip saddr { 10.77.0.2 } tcp dport 2281 accept")
        .contains("ip saddr { 10.77.0.3, 10.77.0.2 } tcp dport 2888 accept")
        .contains("ip saddr { 10.77.0.3, 10.77.0.2 } tcp dport 3888 accept");
    assertThat(Firewall.doors(place(Clusters.GAMMA)))
        .extracting(Firewall.Door::port)
        .containsExactly(2281, 2888, 3888);
  }

  @Test
  void operatorsMayLookAtPrometheusAndNodesAloneReachAlertmanagers() {
    String rules =
        Rendered.file(
            Rendered.bundle(Clusters.ALERTING, Materials.STEADY, Clusters.ALPHA),
            NftablesRules.TARGET);
    assertThat(rules)
        .contains("ip saddr { 10.77.0.2, 10.77.0.10 } tcp dport 7490 accept")
        .contains("ip saddr { 10.77.0.2 } tcp dport 7493 accept")
        .contains("ip saddr { 10.77.0.2 } tcp dport 7494 accept")
        .contains("ip saddr { 10.77.0.2 } udp dport 7494 accept");
    assertThat(rules(Clusters.ALPHA)).doesNotContain("dport 749");
  }

  @Test
  void gatewayProgramsHaveNoDoor() {
    assertThat(rules(Clusters.ALPHA)).doesNotContain("5000", "5001");
  }

  @Test
  void hostsThatServeNobodyHaveNoDoor() {
    assertThat(Firewall.doors(place(Clusters.DESK))).isEmpty();
    assertThat(Firewall.doors(place(Clusters.ENGINE))).isEmpty();
    assertThat(rules(Clusters.DESK)).doesNotContain("WireGuard");
  }

  @Test
  void nftablesLoadsTheRulesAgainAndAgain() {
    Tool.assumeInstalled("nft", "nftables");
    Tool.assumeNamespaces();
    for (Host host : Clusters.MAIN.hosts().values()) {
      Rendered.install(Rendered.bundle(Clusters.MAIN, Materials.ROTATING, host), root);
      Tool.Ended ended =
          Tool.runIsolated(
              """
              nft -c -f %1$s%2$s
              nft -f %1$s%2$s
              nft -f %1$s%2$s
              nft list chains | grep -c 'policy drop'
              """
                  .formatted(root, NftablesRules.TARGET));
      assertThat(ended.output()).as(host.id()).isEqualTo("2\n");
    }
  }

  /** What comes from the public side, and what a neighbour there pretends. */
  @Test
  void fromOutsideOnlyWireGuardAndSshAnswer() {
    Tool.assumeInstalled("nft", "nftables");
    Tool.assumeInstalled("ip", "iproute2");
    Tool.assumeInstalled("nc", "netcat-openbsd");
    Tool.assumeNamespaces();
    Rendered.install(Rendered.bundle(Clusters.ALPHA), root);
    Tool.Ended ended =
        Tool.runIsolated(
            """

            mount -t tmpfs none /run
            mkdir -p /run/netns
            ip netns add outside
            trap 'ip netns delete outside' EXIT
            ip link add public type veth peer name neighbour netns outside
            ip link set lo up
            ip link set public up
            ip address add 198.51.100.1/24 dev public
            ip tuntap add wg0 mode tun
            ip address add 10.77.0.1/32 dev wg0
            ip link set wg0 up
            ip -n outside link set lo up
            ip -n outside link set neighbour up
            ip -n outside address add 198.51.100.9/24 dev neighbour
            ip -n outside address add 10.77.0.10/32 dev neighbour
            ip -n outside route add 10.77.0.1/32 via 198.51.100.1
            nft -f %s%s
            knock() { # FROM ADDRESS PORT: nobody listens, so whoever is let in is refused
              local said
              said=$(ip netns exec outside nc -zv -w 2 -s "$1" "$2" "$3" 2>&1) || true
              [[ $said != *refused* ]] || echo "$1 reaches $2:$3"
            }
            for port in 22 7443 7480 7481 4001 5000 2281 2888 3888; do
              for from in 198.51.100.9 10.77.0.10; do
                knock $from 198.51.100.1 $port &
                knock $from 10.77.0.1 $port &
              done
            done
            wait
            """
                .formatted(root, NftablesRules.TARGET));
    assertThat(ended.output()).isEqualTo("198.51.100.9 reaches 198.51.100.1:22\n");
  }

  @Test
  void theScriptForUfwIsSoundAndCanRunTwice() {
    Tool.assumeInstalled("ufw", "ufw");
    Tool.assumeInstalled("shellcheck", "shellcheck");
    Tool.assumeNamespaces();
    Rendered.install(Rendered.bundle(Clusters.ALPHA), root);
    String script = root + UfwRules.TARGET;
    assertThat(Tool.run("shellcheck", script)).isEqualTo(new Tool.Ended(0, ""));
    Tool.Ended ended =
        Tool.runIsolated(
            """
            # A copy of ufw's own files: it would write those of this machine.
            cp -a /etc/ufw %2$s/etc/ufw
            cp /etc/default/ufw %2$s/etc/default-ufw
            mount --bind %2$s/etc/ufw /etc/ufw
            mount --bind %2$s/etc/default-ufw /etc/default/ufw
            mount --bind %2$s/etc/systemd/system /etc/systemd/system
            mount -t tmpfs none /run
            ip link set lo up
            ufw allow in on wg0 from 10.77.0.99 to any port 7443 proto tcp comment understudy
            ufw allow 8080/tcp comment mine
            %1$s
            ufw show added >/run/once
            %1$s
            ufw show added >/run/twice
            diff /run/once /run/twice
            echo ==
            cat /run/once
            ufw status verbose
            """
                .formatted(script, root));
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output().substring(ended.output().indexOf("==")))
        .contains("ufw allow 22/tcp comment 'understudy'")
        .contains("ufw allow 51820/udp comment 'understudy'")
        .contains("in on wg0 from 10.77.0.20 to any port 4001 proto tcp comment 'understudy'")
        .contains("ufw allow 8080/tcp comment 'mine'")
        .contains("Default: deny (incoming)")
        .doesNotContain("10.77.0.99", "5000");
    assertThat(root.resolve("etc/systemd/system/understudy-firewall.service.d/ufw.conf"))
        .content()
        .contains("Wants=ufw.service")
        .doesNotContain("Requires=");
  }
}
