package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.time.Duration;

/** Stories of keys and certificates that are replaced while the cluster serves. */
final class HostsRotation {
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
  private static final Duration REACH_LIMIT = Duration.ofSeconds(60);

  /** Beside builds on two cores a pause of a second means nothing; a lost connection would. */
  private static final Duration PAUSE_MAX = Duration.ofSeconds(4);

  private HostsRotation() {}

  /** New WireGuard keys for all hosts, in three stages. */
  static String wireGuard(HostsScene scene) {
    DebianHost leader = scene.leader();
    String before = leader.says("wg", "show", "all", "public-key");
    String words = rotate(scene, 3, "wireguard");
    if (leader.says("wg", "show", "all", "public-key").equals(before)) {
      throw new LabException("The leader's WireGuard key is still " + before);
    }
    return words;
  }

  /** New leaf certificates for nodes, servers and operators. */
  static String certificates(HostsScene scene) {
    String before = ServedCertificates.expected(scene.world());
    String words = rotate(scene, 1, "certificates");
    ServedCertificates.expectNewer(scene.world(), before);
    return words;
  }

  /** Both authorities, and all certificates with them, in three stages. */
  static String authorities(HostsScene scene) {
    DebianHost desk = scene.world().host("operator");
    String old = "/root/contexts/old";
    String own = "/etc/understudy/operators/" + HostsScene.OPERATOR;
    desk.shell("mkdir -p /root/contexts; rm -rf %1$s; cp -a %2$s %1$s".formatted(old, own));
    String before = ServedCertificates.expected(scene.world());
    String words = rotate(scene, 3, "certificates", "--authorities");
    ServedCertificates.expectNewer(scene.world(), before);
    // Whom the caller trusts is new, so that the nodes' word counts.
    desk.shell("cp %2$s/authority.crt %1$s/".formatted(old, own));
    CommandLine late = HostsScene.commandLine(scene.world(), Path.of(old, "config.yaml"));
    if (late.run(COMMAND_LIMIT, "status").exitCode() == 0) {
      throw new LabException("A certificate of the former authority still reads the status");
    }
    return words;
  }

  private static String rotate(HostsScene scene, int stages, String... what) {
    HostsWorld world = scene.world();
    Epochs before = Epochs.of(scene);
    DebianHost leader = world.byId(before.leader());
    HostsTrading trading = scene.trading();
    long begun = trading.awaitFirst(leader, System.nanoTime());
    for (int stage = 1; stage <= stages; stage++) {
      var _ = world.administrates(verb(what));
      HostsInstall.render(world);
      for (DebianHost host : order(world, stage)) {
        HostsInstall.install(world, host);
        expectReach(scene);
      }
    }
    var _ = trading.awaitFirst(leader, System.nanoTime());
    before.expectUnchanged(scene);
    TradingLog traded = trading.at(leader).after(begun - 1);
    if (traded.connections() != 1) {
      throw new LabException(
          "The trading client needed %d connections".formatted(traded.connections()));
    }
    if (traded.longestPause().compareTo(PAUSE_MAX) > 0) {
      throw new LabException(
          "The trading client had to wait for an answer for "
              + Narrator.seconds(traded.longestPause()));
    }
    return "%d stages, host by host; %d answers through one connection, longest pause %s; no login"
        .formatted(stages, traded.answers().size(), Narrator.seconds(traded.longestPause()));
  }

  private static String[] verb(String... what) {
    return ImmutableList.<String>builder()
        .add("cluster", "rotate")
        .add(what)
        .add("--yes")
        .build()
        .toArray(String[]::new);
  }

  /** Another order for each stage: none may matter. */
  private static ImmutableList<DebianHost> order(HostsWorld world, int stage) {
    return stage % 2 == 0 ? world.hosts().reverse() : world.hosts();
  }

  /** All of the cluster's tunnels carry a packet. */
  static void expectReach(HostsScene scene) {
    HostsWorld world = scene.world();
    for (DebianHost node : world.nodes()) {
      for (DebianHost host : world.hosts()) {
        if (!host.id().equals(node.id()) && !reaches(host, node)) {
          throw new LabException(
              "%s does not reach %s through the tunnel".formatted(host.id(), node.id()));
        }
      }
    }
  }

  private static boolean reaches(DebianHost host, DebianHost node) {
    return Waiting.until(
        REACH_LIMIT, () -> host.succeeds("ping", "-c1", "-W2", "-q", node.tunnelAddress()));
  }
}
