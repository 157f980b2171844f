package io.understudy.lab;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.time.Duration;

/** Stories of who gets in: through the tunnel, from outside, and with which certificate. */
final class HostsAccess {
  private static final Duration SCAN_LIMIT = Duration.ofMinutes(5);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
  private static final ImmutableSet<Integer> SSH = ImmutableSet.of(22);

  /** A program that somebody starts by mistake, open to the world. */
  private static final int CARELESS_PORT = 9_999;

  private HostsAccess() {}

  /** The operator reaches the nodes through the tunnel, and in no other way. */
  static String tunnelOnly(HostsScene scene) {
    DebianHost desk = scene.world().host("operator");
    var _ = scene.settled();
    for (DebianHost node : scene.world().nodes()) {
      if (!opens(desk, node.tunnelAddress(), HostsScene.API_PORT)) {
        throw new LabException("The API of " + node.id() + " is not reached through the tunnel");
      }
      if (opens(desk, node.publicAddress(), HostsScene.API_PORT)) {
        throw new LabException("The API of " + node.id() + " is open at its public address");
      }
    }
    String tunnel = "wg-quick@" + scene.world().tunnel(desk) + ".service";
    var _ = desk.says("systemctl", "stop", tunnel);
    int without = scene.operator().typesAnyhow(COMMAND_LIMIT, "status").exitCode();
    var _ = desk.says("systemctl", "start", tunnel);
    if (without == 0) {
      throw new LabException("The status was shown although the operator's tunnel was down");
    }
    var _ = scene.settled();
    return "without the tunnel status ends with " + without;
  }

  /** Whoever has all the rest of a host's tunnel but not its key gets no handshake. */
  static String wrongKey(HostsScene scene) {
    DebianHost stranger = scene.world().stranger();
    DebianHost engine = scene.world().host("trading");
    DebianHost node = scene.world().host("primary");
    String stolen = engine.says("cat", "/etc/wireguard/" + scene.world().tunnel(engine) + ".conf");
    String own = stranger.says("wg", "genkey");
    Path conf = stranger.disk("/etc/wireguard/wg0.conf");
    PrivateFiles.write(
        conf, stolen.replaceFirst("(?m)^PrivateKey = .*$", "PrivateKey = " + own) + "\n");
    var _ = stranger.says("wg-quick", "up", "wg0");
    boolean answered = stranger.succeeds("ping", "-c3", "-i0.5", "-W2", "-q", node.tunnelAddress());
    String handshakes = stranger.says("wg", "show", "wg0", "latest-handshakes");
    String received = stranger.says("wg", "show", "wg0", "transfer");
    var _ = stranger.says("wg-quick", "down", "wg0");
    var _ = stranger.says("rm", "/etc/wireguard/wg0.conf");
    if (answered || !handshakes.lines().allMatch(line -> line.endsWith("\t0"))) {
      throw new LabException("A stranger with a key of its own got a handshake: " + handshakes);
    }
    if (!received.lines().allMatch(line -> line.split("\t", -1)[1].equals("0"))) {
      throw new LabException("The nodes answered a stranger: " + received);
    }
    return "no handshake, not a byte";
  }

  /** From outside of the tunnel only ssh and WireGuard can be talked to, on every host. */
  static String ports(HostsScene scene) {
    DebianHost careless = scene.world().host("primary");
    careless.shell(
        """
        systemd-run --quiet --unit=careless perl -MIO::Socket::INET -e '
          my $tcp = IO::Socket::INET->new(LocalPort => %1$d, Listen => 5, Proto => "tcp") or die;
          my $udp = IO::Socket::INET->new(LocalPort => %1$d, Proto => "udp") or die;
          while (my $from = $udp->recv(my $data, 99)) { $udp->send("heard") }'
        """
            .formatted(CARELESS_PORT));
    try {
      if (!Waiting.until(COMMAND_LIMIT, () -> opens(careless, "127.0.0.1", CARELESS_PORT))) {
        throw new LabException("The program that listens by mistake does not listen");
      }
      scene.world().hosts().parallelStream().forEach(host -> expectClosed(scene, host));
    } finally {
      careless.shell("systemctl stop careless");
    }
    return "65,535 TCP ports of each host: only 22 answers; no answer by UDP";
  }

  private static void expectClosed(HostsScene scene, DebianHost host) {
    ImmutableSet<Integer> open = openPorts(scene, host);
    if (!open.equals(SSH)) {
      throw new LabException(
          "%s answers a stranger at the TCP ports %s, expected %s".formatted(host.id(), open, SSH));
    }
    expectSilentUdp(scene.world().stranger(), host);
  }

  /** The TCP ports at which the host answers a stranger. */
  private static ImmutableSet<Integer> openPorts(HostsScene scene, DebianHost host) {
    Finished scan =
        Finished.run(
            SCAN_LIMIT,
            "the port scan of " + host.id(),
            scene
                .world()
                .stranger()
                .network()
                .command(
                    JavaCommand.of("-Xmx64m")
                        .classPath(System.getProperty("java.class.path"))
                        .main(PortScan.class.getName(), host.publicAddress(), "1", "65535")));
    if (scan.exitCode() != 0) {
      throw new LabException("The port scan of " + host.id() + " failed: " + scan.output());
    }
    return scan.output().lines().map(Integer::parseInt).collect(ImmutableSet.toImmutableSet());
  }

  /** Neither data nor an ICMP message that a port is closed: the port of a program is as mute. */
  private static void expectSilentUdp(DebianHost stranger, DebianHost host) {
    String heard =
        stranger.shell(
            """
            perl -MIO::Socket::INET -MIO::Select -e '
              my $select = IO::Select->new;
              for my $port (1 .. 1024, 2181, 2281, 2888, 3888, 4001, 5000, 7443, 7480, 7481, 9999, 51820, 51821) {
                my $socket = IO::Socket::INET->new(PeerAddr => "%s", PeerPort => $port, Proto => "udp") or die;
                $socket->send("hello");
                $select->add($socket);
              }
              print $_->peerport, "\\n" for $select->can_read(2);'
            """
                .formatted(host.publicAddress()));
    if (!heard.isEmpty()) {
      throw new LabException(
          "%s answers a stranger at the UDP ports %s"
              .formatted(host.id(), heard.replace('\n', ' ')));
    }
  }

  private static boolean opens(DebianHost from, String address, int port) {
    return from.succeeds("timeout", "5", "bash", "-c", "exec 3<>/dev/tcp/" + address + "/" + port);
  }
}
