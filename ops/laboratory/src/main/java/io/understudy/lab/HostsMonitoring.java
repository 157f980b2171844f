package io.understudy.lab;

import com.google.common.base.Splitter;
import java.time.Duration;

/** What watches the cluster, as `install.sh` leaves it on the nodes. */
final class HostsMonitoring {
  /** A channel for alerts, so that the bundles have monitoring. Nobody listens there. */
  static final String CHANNEL = "\nalerts:\n  webhook: http://198.51.100.100:8099/alerts\n";

  private static final String SECRET = "/etc/understudy/alertmanager/alertmanager.yml";
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private HostsMonitoring() {}

  /**
   * Each Prometheus scrapes all nodes, the Alertmanagers have found each other, and the daemons
   * know how old their tunnels' handshakes are.
   */
  static String watch(HostsScene scene) {
    HostsWorld world = scene.world();
    int nodes = world.nodes().size();
    for (DebianHost node : world.nodes()) {
      String address = world.manifest(node.id()).path("address").asText();
      await(
          node,
          "promtool query instant http://%s:7490 'understudy_build_info' | grep -c ."
              .formatted(address),
          Integer.toString(nodes));
      await(
          node,
          "promtool query instant http://%s:7490 'alertmanager_cluster_members == %d' | grep -c ."
              .formatted(address, nodes),
          Integer.toString(nodes));
      String mode = node.shell("stat -c '%a %U' " + SECRET);
      if (!mode.equals("600 root")) {
        throw new LabException(
            "%s of %s is %s (expected: 600 root)".formatted(SECRET, node.id(), mode));
      }
      await(
          node,
          "promtool query instant http://%s:7490 'understudy_peer_tunnel_handshake_age_seconds' | grep -c ."
              .formatted(address),
          Integer.toString(nodes * (nodes - 1)));
    }
    scene.judge();
    return nodes + " of each, which see all nodes and their tunnels";
  }

  private static void await(DebianHost host, String command, String expected) {
    String line = command + " || true";
    if (!Waiting.until(LIMIT, Duration.ofSeconds(2), () -> last(host, line).equals(expected))) {
      throw new LabException(
          "On %s `%s` says '%s' (expected: %s)"
              .formatted(host.id(), command, last(host, line), expected));
    }
  }

  private static String last(DebianHost host, String line) {
    return Splitter.on('\n').splitToStream(host.shell(line)).reduce("", (_, next) -> next).strip();
  }
}
