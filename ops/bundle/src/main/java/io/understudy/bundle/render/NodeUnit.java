package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.Gateway;
import io.understudy.bundle.cluster.GatewayCredential;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * {@code understudyd.service}. What it says of the watchdog, the control group and the undertaker
 * is a precondition of the promises; ARCHITECTURE.md, section 5, has the reasons.
 *
 * <p>Nothing in it changes with a rotation of keys or certificates, which therefore never asks for
 * a restart.
 */
final class NodeUnit {
  static final String NAME = "understudyd.service";

  /** MiB: the daemon by itself; each gateway program; each browser while it logs in. */
  private static final int DAEMON_MEMORY = 512;

  private static final int GATEWAY_MEMORY = 384;
  private static final int BROWSER_MEMORY = 768;

  /** Threads and processes of the daemon, and of a gateway with its browser. */
  private static final int DAEMON_TASKS = 256;

  private static final int GATEWAY_TASKS = 512;

  private static final String CREDENTIALS =
      """

      # Sealed ones: install.sh writes understudyd.service.d/credentials.conf, which replaces these.
      """;

  /**
   * The browser's sandbox makes namespaces of its own and changes its root within them; for that
   * namespaces and chroot are allowed, and no capability of the host is.
   *
   * <p>The undertaker and a starting daemon look in {@code /proc} for what a dead one has left.
   * Each start of the unit has a user namespace of its own, and with {@code ProtectProc=invisible}
   * the kernel hides from it the processes of all others: nobody would be found, and be called
   * gone.
   */
  private static final String HARDENING =
      UnitFile.hardening(
          "CapabilityBoundingSet=",
          "DevicePolicy=closed",
          "PrivateUsers=yes",
          "ProtectProc=default",
          "ProcSubset=all",
          "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
          "RestrictNamespaces=user pid net",
          "SystemCallFilter=@system-service",
          "SystemCallFilter=~@privileged @resources @keyring",
          "SystemCallFilter=chroot capset seccomp");

  private static final String INSTALL =
      """

      [Install]
      WantedBy=multi-user.target
      """;

  private NodeUnit() {}

  static RenderedFile of(Place place) {
    return UnitFile.of(
        NAME,
        place.header()
            + """
            [Unit]
            Description=Understudy node %s of cluster %s
            Wants=network-online.target
            After=network-online.target time-sync.target
            # It listens to its tunnel address alone.
            After=wg-quick@wg0.service wg-quick@wg1.service
            After=understudy-zookeeper.service
            # Without its rules it does not start.
            Requires=understudy-firewall.service
            After=understudy-firewall.service
            # It is started again for ever: the cluster's servers may be away for long.
            StartLimitIntervalSec=0
            """
                .formatted(place.host().id(), place.cluster().name())
            + service(place)
            + limits(place)
            + credentials(place)
            + HARDENING
            + INSTALL);
  }

  private static String service(Place place) {
    return """

    [Service]
    Type=notify
    User=understudy
    Group=understudy
    StateDirectory=understudy
    StateDirectoryMode=0700
    ExecStart=/opt/understudy/node/bin/understudyd --config %s
    # Ends what a dead daemon has left, so that the standby need not wait for its session's end.
    ExecStopPost=/opt/understudy/node/bin/undertaker --state %s
    Restart=always
    RestartSec=1s
    KillMode=control-group
    TimeoutStartSec=60s
    TimeoutStopSec=20s
    SuccessExitStatus=143
    # Half of the session timeout, less than a healthy lease ever has left. SIGKILL at once:
    # SIGABRT would be followed by SIGCONT, which wakes what was stopped.
    WatchdogSec=%s
    WatchdogSignal=SIGKILL
    TimeoutAbortSec=1s
    """
        .formatted(
            NodeYaml.CONFIG,
            NodeYaml.STATE,
            Place.printed(watchdog(place.cluster().timings().sessionTimeout())));
  }

  /**
   * Half of T: a healthy lease always has more than that left (T, less the margin of T/10, less two
   * renewals of T/6 each), so a leader that freezes in good health is dead before its lease ends.
   */
  private static Duration watchdog(Duration sessionTimeout) {
    return sessionTimeout.dividedBy(2);
  }

  private static String limits(Place place) {
    int gateways = place.cluster().gateways().size();
    int memory = DAEMON_MEMORY + gateways * (GATEWAY_MEMORY + BROWSER_MEMORY);
    return """

    # What outgrows its share is a browser: its end costs a login, that of the daemon a takeover.
    MemoryMax=%dM
    OOMPolicy=continue
    OOMScoreAdjust=-500
    TasksMax=%d
    """
        .formatted(memory, DAEMON_TASKS + gateways * GATEWAY_TASKS);
  }

  private static String credentials(Place place) {
    return CREDENTIALS
        + place.cluster().gateways().values().stream()
            .flatMap(gateway -> credentials(gateway).stream())
            .collect(Collectors.joining());
  }

  private static ImmutableList<String> credentials(Gateway gateway) {
    return GatewayCredential.of(gateway).stream()
        .map(each ->
            "LoadCredential=%s:%s\n".formatted(each.nameFor(gateway), each.storedAt(gateway)))
        .collect(ImmutableList.toImmutableList());
  }
}
