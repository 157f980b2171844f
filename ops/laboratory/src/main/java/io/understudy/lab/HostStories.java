package io.understudy.lab;

import com.google.common.collect.ImmutableList;

/** The stories of the Debian hosts, in the order in which they are told. */
final class HostStories {
  /** What makes a cluster out of nothing. */
  static final ImmutableList<HostStory> BUILDING =
      ImmutableList.of(
          HostStory.vital(
              "empty-folder-to-bundles",
              "init, check and render make bundles; rendering again changes no byte",
              HostsSetup::bundles),
          HostStory.vital(
              "boot", "a Debian with systemd for each host, and the internet", HostsSetup::boot),
          HostStory.vital(
              "install",
              "each bundle's install.sh on a bare Debian, twice; a foreign bundle is refused",
              HostsSetup::install),
          HostStory.vital(
              "units-active",
              "every unit of every host runs, all tunnels carry",
              HostsSetup::units));

  /** What is told of a cluster that stands. */
  static final ImmutableList<HostStory> TELLING =
      ImmutableList.of(
          HostStory.vital(
              "login-from-the-operator-host",
              "login over the tunnel; one node serves, the other stands by",
              HostsSetup::login),
          HostStory.of(
              "doctor-healthy", "cluster doctor finds nothing on any host", HostsDoctor::healthy),
          HostStory.of(
              "monitoring",
              "Prometheus watches all nodes on each, the Alertmanagers know each other",
              HostsMonitoring::watch),
          HostStory.of(
              "secrets-where-they-belong",
              "no gateway secret but on nodes, and there for root alone",
              HostsSecrets::segmented),
          HostStory.of(
              "tunnel-only",
              "the API answers through the tunnel and nowhere else",
              HostsAccess::tunnelOnly),
          HostStory.of(
              "stranger-with-a-wrong-key",
              "a copy of a host's tunnel with another key gets no handshake",
              HostsAccess::wrongKey),
          HostStory.of(
              "ports-from-outside",
              "a stranger is answered by ssh alone, also where a program listens by mistake",
              HostsAccess::ports),
          HostStory.of(
              "certificates-decide",
              "no certificate, an expired and a foreign one, a viewer's",
              HostsCertificates::decide),
          HostStory.of(
              "revoked-certificate",
              "a revoked operator is refused, and no daemon is restarted for it",
              HostsCertificates::revoked),
          HostStory.of(
              "rotate-wireguard",
              "new tunnel keys host by host, while a trading client trades on",
              HostsRotation::wireGuard),
          HostStory.of(
              "rotate-certificates",
              "new certificates host by host, while a trading client trades on",
              HostsRotation::certificates),
          HostStory.of(
              "rotate-authorities",
              "new authorities and certificates in three stages, host by host, likewise",
              HostsRotation::authorities),
          HostStory.of(
              "daemon-killed",
              "SIGKILL to the leader's daemon: the undertaker, takeover without waiting for T",
              HostsFaults::daemonKilled),
          HostStory.of(
              "daemon-frozen",
              "SIGSTOP to the leader's daemon: systemd's watchdog kills it",
              HostsFaults::daemonFrozen),
          HostStory.of(
              "tunnel-cut",
              "the leader's tunnel is cut, its way to IBKR is not",
              HostsFaults::tunnelCut),
          HostStory.of(
              "drills",
              "drills of all five kinds from the operator's host, each passes",
              HostsDrills::everyKind),
          HostStory.of(
              "power-lost",
              "the leader's host loses its power, and comes back by itself",
              HostsFaults::powerLost),
          HostStory.of(
              "doctor-finds", "what is broken on purpose is found and named", HostsDoctor::finds),
          HostStory.of("uninstall", "uninstall.sh leaves a clean host", HostsSetup::uninstall));

  private HostStories() {}

  static ImmutableList<HostStory> all() {
    return ImmutableList.<HostStory>builder().addAll(BUILDING).addAll(TELLING).build();
  }
}
