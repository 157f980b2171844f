package io.understudy.lab;

import java.time.Duration;

/** Stories of the doctor, who looks at a host from within. */
final class HostsDoctor {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration HEALING_LIMIT = Duration.ofMinutes(3);
  private static final int FOUND = 3;

  private HostsDoctor() {}

  /** Nothing to find on any host of a cluster that serves. */
  static String healthy(HostsScene scene) {
    var _ = scene.settled();
    for (DebianHost host : scene.world().hosts()) {
      if (!Waiting.until(HEALING_LIMIT, Duration.ofSeconds(2), () -> look(host).exitCode() == 0)) {
        throw new LabException(
            "The doctor finds something on " + host.id() + ": " + look(host).output().strip());
      }
    }
    return scene.world().hosts().size() + " hosts";
  }

  /** What is broken is found and named, and nothing any more once it is mended. */
  static String finds(HostsScene scene) {
    var _ = scene.settled();
    DebianHost node = scene.world().other(scene.leader());
    String key = "/etc/understudy/tls/node.key";
    finds(node, "chmod 0644 " + key, "chmod 0600 " + key, key);
    finds(
        scene.world().host("primary"),
        "systemctl stop understudy-drill.timer",
        "systemctl start understudy-drill.timer",
        "understudy-drill.timer");
    finds(
        node,
        """
        systemd-run --quiet --unit=careless perl -MIO::Socket::INET -e '
          my $socket = IO::Socket::INET->new(LocalPort => %1$d, Listen => 5) or die; sleep 600'
        until ss -Hltn "sport = :%1$d" | grep -q .; do sleep 0.1; done\
        """
            .formatted(scene.relayPort()),
        "systemctl stop careless",
        Integer.toString(scene.relayPort()));
    DebianHost witness = scene.world().host("witness");
    finds(
        witness,
        "systemctl stop understudy-zookeeper.service",
        "systemctl start understudy-zookeeper.service",
        "understudy-zookeeper");
    DebianHost desk = scene.world().host("operator");
    String tunnel = scene.world().tunnel(desk);
    finds(
        desk,
        "systemctl stop wg-quick@%s.service".formatted(tunnel),
        "systemctl start wg-quick@%s.service".formatted(tunnel),
        tunnel);
    var _ = scene.settled();
    return "an open key, a stopped timer, a relay's port open to all, a stopped server, a tunnel that is down";
  }

  private static void finds(DebianHost host, String breaking, String mending, String named) {
    host.shell(breaking);
    Finished look = look(host);
    host.shell(mending);
    if (look.exitCode() != FOUND || !look.output().contains(named)) {
      throw new LabException(
          "On %s, after `%s`, the doctor ended with status %d and did not name %s: %s"
              .formatted(host.id(), breaking, look.exitCode(), named, look.output().strip()));
    }
    if (!Waiting.until(HEALING_LIMIT, Duration.ofSeconds(2), () -> look(host).exitCode() == 0)) {
      throw new LabException(
          "On %s, after `%s`, the doctor still says: %s"
              .formatted(host.id(), mending, look(host).output().strip()));
    }
  }

  private static Finished look(DebianHost host) {
    return host.run(LIMIT, "/usr/bin/understudy", "cluster", "doctor");
  }
}
