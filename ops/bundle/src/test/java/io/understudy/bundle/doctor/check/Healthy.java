package io.understudy.bundle.doctor.check;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.CertificateFiles;
import io.understudy.bundle.doctor.HostManifest.CoordinationServer;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.HostManifest.OtherNode;
import io.understudy.bundle.doctor.HostManifest.Peer;
import io.understudy.bundle.doctor.HostManifest.TunnelInterface;
import io.understudy.bundle.doctor.TestAuthority;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Machine.ClockOffset;
import io.understudy.bundle.doctor.machine.Machine.ServerReport;
import java.time.Duration;
import java.time.Instant;

/** A machine on which all is as the manifest says. */
final class Healthy {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final long HANDSHAKE = NOW.getEpochSecond() - 90;
  private static final Duration DAY = Duration.ofDays(1);

  private Healthy() {}

  static StagedMachine machine(HostManifest manifest) throws Exception {
    StagedMachine machine = new StagedMachine(NOW);
    tunnels(manifest, machine);
    network(manifest, machine);
    files(manifest, machine);
    certificates(manifest, machine);
    system(manifest, machine);
    return machine;
  }

  private static void tunnels(HostManifest manifest, StagedMachine machine) {
    StringBuilder dump = new StringBuilder();
    StringBuilder routes = new StringBuilder();
    for (TunnelInterface tunnel : manifest.tunnels()) {
      dump.append(
          "%s\tsecret\t%s\t%d\toff\n"
              .formatted(tunnel.name(), tunnel.publicKey(), tunnel.listenPort()));
      for (Peer peer : tunnel.peers()) {
        boolean calls = peer.endpoint().isEmpty();
        dump.append(
            "%s\t%s\tsecret\t%s\t%s/32\t%d\t900\t1200\t25\n"
                .formatted(
                    tunnel.name(),
                    peer.publicKey(),
                    calls ? "(none)" : peer.endpoint(),
                    peer.address(),
                    calls ? 0 : HANDSHAKE));
        routes.append(
            "%s dev %s scope link src %s metric %d \n"
                .formatted(
                    peer.address(),
                    tunnel.name(),
                    manifest.address(),
                    tunnel.preferred() ? 100 : 200));
      }
      machine.text("/proc/sys/net/ipv4/conf/" + tunnel.name() + "/rp_filter", "2\n");
    }
    machine.text("/proc/sys/net/ipv4/conf/all/rp_filter", "0\n");
    machine.output(TunnelCheck.COMMAND, dump.toString());
    machine.output(RouteCheck.COMMAND, routes + "default via 198.51.100.254 dev eth0 \n");
  }

  private static void network(HostManifest manifest, StagedMachine machine) {
    for (OtherNode node : manifest.nodes()) {
      machine.doors.put(node.address() + ":" + node.apiPort(), Answer.known(true));
      machine.clocks.put(
          node.address(),
          Answer.known(new ClockOffset(Duration.ofMillis(-300), Duration.ofMillis(710))));
    }
    for (CoordinationServer server : manifest.coordination().servers()) {
      machine.servers.put(
          server.host(),
          Answer.known(
              new ServerReport(server.host().equals("gamma") ? "leader" : "follower", 6000)));
    }
    StringBuilder sockets = new StringBuilder();
    manifest
        .sockets()
        .forEach(socket ->
            sockets.append(
                "%s LISTEN 0 128 %s:%d %s:* users:((\"java\",pid=77,fd=9))\n"
                    .formatted(
                        socket.protocol(),
                        socket.address().equals("*")
                            ? "0.0.0.0"
                            : "[::ffff:" + socket.address() + "]",
                        socket.port(),
                        "0.0.0.0")));
    machine.output(PortCheck.COMMAND, sockets + "udp UNCONN 0 0 127.0.0.1:323 0.0.0.0:*\n");
  }

  private static void files(HostManifest manifest, StagedMachine machine) {
    for (InstalledFile file : manifest.files()) {
      machine.file(file.target(), Integer.parseInt(file.mode(), 8), file.owner());
    }
    manifest
        .credentials()
        .forEach(name -> machine.file(CredentialCheck.DIRECTORY + name, 0600, "root:root"));
    for (String path :
        ImmutableList.of(
            "/opt/clientportal.gw/dist/ibgroup.web.core.iblink.router.clientportal.gw.jar",
            "/opt/clientportal.gw/build/lib/runtime",
            "/opt/clientportal.gw/root/conf.yaml",
            "/usr/bin/chromium",
            "/usr/bin/chromedriver")) {
      machine.file(path, 0755, "root:root");
    }
    machine.text("/proc/meminfo", "MemTotal: 4000000 kB\nMemAvailable:    2000000 kB\n");
    machine.text(CoordinationCheck.SERVER_FILE, "# made by render\ntickTime=500\ninitLimit=10\n");
  }

  private static void certificates(HostManifest manifest, StagedMachine machine) throws Exception {
    for (CertificateFiles files : manifest.certificates()) {
      certificate(machine, files, manifest.address(), NOW.plus(DAY.multipliedBy(300)));
    }
  }

  /** A certificate by an authority of its own. */
  static void certificate(
      StagedMachine machine, CertificateFiles files, String address, Instant until)
      throws Exception {
    TestAuthority authority = TestAuthority.create(NOW.minus(DAY.multipliedBy(500)));
    TestAuthority.Issued issued = authority.issue(address, NOW.minus(DAY.multipliedBy(400)), until);
    machine.text(files.certificate(), issued.key() + issued.certificate());
    machine.text(files.key(), issued.key() + issued.certificate());
    machine.text(files.authority(), authority.certificate());
  }

  private static void system(HostManifest manifest, StagedMachine machine) {
    StringBuilder units = new StringBuilder();
    manifest
        .units()
        .forEach(unit ->
            units.append(
                """
                Id=%s
                LoadState=loaded
                ActiveState=active
                SubState=running
                UnitFileState=enabled
                NeedDaemonReload=no
                LimitCORE=0

                """
                    .formatted(unit)));
    machine.output(UnitCheck.command(manifest), units.toString());
    machine.output(UnitCheck.VERSION, "systemd 252 (252.39-1~deb12u2)\n+PAM +AUDIT\n");
    machine.output(ClockCheck.COMMAND, "yes\n");
    machine.output(
        FirewallCheck.COMMAND,
        """
        table inet understudy {
        \tchain input {
        \t\ttype filter hook input priority filter; policy drop;
        \t\tiif "lo" accept
        \t}
        }
        """);
  }
}
