package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.AlertCredential;
import io.understudy.bundle.cluster.Alerts;
import io.understudy.bundle.cluster.Host;
import java.util.stream.Collectors;

/**
 * {@code understudy-prometheus.service} and {@code understudy-alertmanager.service}: Debian's
 * programs, under users that exist only while they run, on ports of our own, so that Debian's own
 * services of them can be used for something else. They are the first that a host short of memory
 * gives up.
 */
final class MonitoringUnits {
  static final String PROMETHEUS = "understudy-prometheus.service";
  static final String ALERTMANAGER = "understudy-alertmanager.service";

  /**
   * The Alertmanager that is not the first in its cluster's order waits so long for the first to
   * have sent a message, before it sends the same.
   */
  static final String PEER_TIMEOUT = "15s";

  /** Alertmanager's configuration, among the credentials of its unit. */
  private static final String CREDENTIAL = "alertmanager.yml";

  private static final String RUNTIME = "/run/understudy-alertmanager/alertmanager.yml";

  private static final ImmutableList<String> HARDENING =
      ImmutableList.of(
          "CapabilityBoundingSet=",
          "DevicePolicy=closed",
          "PrivateUsers=yes",
          "ProtectProc=invisible",
          "ProcSubset=pid",
          "MemoryDenyWriteExecute=yes",
          "RestrictNamespaces=yes",
          "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
          "SystemCallFilter=@system-service",
          "SystemCallFilter=~@privileged @resources @keyring");

  private static final String INSTALL =
      """

      [Install]
      WantedBy=multi-user.target
      """;

  private MonitoringUnits() {}

  static ImmutableList<RenderedFile> of(Place place) {
    return ImmutableList.of(
        UnitFile.of(PROMETHEUS, prometheus(place)), UnitFile.of(ALERTMANAGER, alertmanager(place)));
  }

  private static String prometheus(Place place) {
    return unit(place, "Prometheus")
        + """

        [Service]
        Type=exec
        DynamicUser=yes
        StateDirectory=understudy-prometheus
        StateDirectoryMode=0700
        ExecStart=/usr/bin/prometheus --config.file=%s --storage.tsdb.path=/var/lib/understudy-prometheus \
        --storage.tsdb.retention.time=120d --storage.tsdb.retention.size=1GB --web.listen-address=%s
        ExecReload=/bin/kill -HUP $MAINPID
        """
            .formatted(
                PrometheusConf.CONFIG,
                at(place.host(), place.cluster().alerts().ports().prometheus()))
        + limits(512)
        + UnitFile.hardening(
            ImmutableList.<String>builder()
                .addAll(HARDENING)
                .add("# It talks to the nodes, through the tunnel.")
                .add("IPAddressDeny=any")
                .add("IPAddressAllow=localhost " + place.cluster().tunnel().subnet())
                .build()
                .toArray(String[]::new))
        + INSTALL;
  }

  private static String alertmanager(Place place) {
    boolean token = place.cluster().alerts().telegram().isPresent();
    return unit(place, "Alertmanager")
        + """

        [Service]
        Type=exec
        DynamicUser=yes
        StateDirectory=understudy-alertmanager
        StateDirectoryMode=0700
        RuntimeDirectory=understudy-alertmanager
        RuntimeDirectoryMode=0700
        """
        + (token ? "ExecStartPre=" + AlertmanagerConf.WITH_TOKEN + "\n" : "")
        + "ExecStart=/usr/bin/prometheus-alertmanager --config.file=%s \\\n%s\n"
            .formatted(token ? RUNTIME : "%d/" + CREDENTIAL, arguments(place))
        + "LoadCredential=%s:%s\n".formatted(CREDENTIAL, AlertmanagerConf.CONFIG)
        + AlertCredential.of(place.cluster().alerts()).stream()
            .map(each -> "LoadCredential=%s:%s\n".formatted(each.credential(), each.storedAt()))
            .collect(Collectors.joining())
        + limits(128)
        + UnitFile.hardening(HARDENING.toArray(String[]::new))
        + INSTALL;
  }

  private static String arguments(Place place) {
    Alerts.MonitoringPorts ports = place.cluster().alerts().ports();
    String gossip = at(place.host(), ports.gossip());
    return "--storage.path=/var/lib/understudy-alertmanager --web.listen-address=%s \\\n"
            .formatted(at(place.host(), ports.alertmanager()))
        + "--cluster.listen-address=%s --cluster.advertise-address=%s --cluster.peer-timeout=%s"
            .formatted(gossip, gossip, PEER_TIMEOUT)
        + place.cluster().nodes().stream()
            .filter(node -> !node.id().equals(place.host().id()))
            .map(node -> " --cluster.peer=" + at(node, ports.gossip()))
            .collect(Collectors.joining());
  }

  private static String at(Host host, int port) {
    return host.address() + ":" + port;
  }

  private static String unit(Place place, String program) {
    return place.header()
        + """
        [Unit]
        Description=%s of node %s of the Understudy cluster %s
        Wants=network-online.target
        After=network-online.target time-sync.target
        # It listens to its tunnel address alone.
        After=wg-quick@wg0.service wg-quick@wg1.service
        # Without its rules it does not start.
        Requires=understudy-firewall.service
        After=understudy-firewall.service
        StartLimitIntervalSec=0
        """
            .formatted(program, place.host().id(), place.cluster().name());
  }

  private static String limits(int memory) {
    return """
    Restart=always
    RestartSec=5s
    TimeoutStopSec=20s

    MemoryMax=%dM
    OOMScoreAdjust=500
    TasksMax=128
    """
        .formatted(memory);
  }
}
