package io.understudy.lab;

import java.time.Duration;

/**
 * The certificates that programs of the hosts show to whoever connects, compared with those that
 * lie on the hosts' disks: what an installation has replaced must be shown without a restart.
 */
final class ServedCertificates {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String NODE = "/etc/understudy/tls/node.crt";
  private static final String SERVER = "/etc/understudy-zookeeper/server.pem";
  private static final int COORDINATION = 2281;
  private static final int ELECTION = 3888;

  private ServedCertificates() {}

  /** The serials of the certificates on the disks of all hosts that have some. */
  static String expected(HostsWorld world) {
    StringBuilder serials = new StringBuilder();
    for (DebianHost host : world.hosts()) {
      if (host.node()) {
        serials.append(onDisk(host, NODE)).append(' ');
      }
      if (host.votes()) {
        serials.append(onDisk(host, SERVER)).append(' ');
      }
    }
    return serials.toString();
  }

  /** Fails unless all on the disks are others than before, and are shown. */
  static void expectNewer(HostsWorld world, String before) {
    for (DebianHost host : world.hosts()) {
      DebianHost caller = host.node() ? world.other(host) : world.nodes().getFirst();
      if (host.node()) {
        expect(caller, host, NODE, HostsScene.API_PORT, before);
      }
      if (host.votes()) {
        expect(caller, host, SERVER, COORDINATION, before);
        expect(caller, host, SERVER, ELECTION, before);
      }
    }
  }

  private static void expect(
      DebianHost caller, DebianHost host, String file, int port, String before) {
    String wanted = onDisk(host, file);
    if (before.contains(wanted)) {
      throw new LabException("%s of %s is still the former one".formatted(file, host.id()));
    }
    boolean served =
        Waiting.until(LIMIT, Duration.ofSeconds(1), () -> shown(caller, host, port).equals(wanted));
    if (!served) {
      throw new LabException(
          "%s shows %s at port %d, and %s has %s"
              .formatted(host.id(), shown(caller, host, port), port, file, wanted));
    }
  }

  private static String onDisk(DebianHost host, String file) {
    return host.says("openssl", "x509", "-noout", "-serial", "-in", file);
  }

  /** Whatever comes of the connection: the server shows its certificate first. */
  private static String shown(DebianHost caller, DebianHost host, int port) {
    return caller
        .run(
            Duration.ofSeconds(30),
            "sh",
            "-c",
            "openssl s_client -connect %s:%d </dev/null 2>/dev/null | openssl x509 -noout -serial"
                .formatted(host.tunnelAddress(), port))
        .output()
        .strip();
  }
}
