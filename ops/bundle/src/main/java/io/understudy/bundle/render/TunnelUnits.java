package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;

/**
 * {@code understudy-tunnel.socket} and the service behind it: root's part of what the daemon wants
 * of the tunnels, which it has no rights over itself. The daemon's user alone can connect.
 */
final class TunnelUnits {
  static final String SOCKET_PATH = "/run/understudy-tunnel.socket";
  static final String AGENT = "/etc/understudy/tunnel-agent.sh";

  private TunnelUnits() {}

  static ImmutableList<RenderedFile> of(Place place) {
    return ImmutableList.of(
        new RenderedFile(AGENT, Resource.text("tunnel-agent.sh"), "0755", "root:root"),
        UnitFile.of("understudy-tunnel.socket", socket(place)),
        UnitFile.of("understudy-tunnel@.service", service(place)));
  }

  private static String socket(Place place) {
    return place.header()
        + """
        [Unit]
        Description=What the node wants to know of its tunnels, and drills that cut them

        [Socket]
        ListenStream=%s
        SocketUser=%2$s
        SocketGroup=%2$s
        SocketMode=0600
        Accept=yes
        MaxConnections=4
        # The daemon asks twice every ten seconds.
        TriggerLimitIntervalSec=10s
        TriggerLimitBurst=50

        [Install]
        WantedBy=sockets.target
        """
            .formatted(SOCKET_PATH, NodeYaml.USER);
  }

  private static String service(Place place) {
    return place.header()
        + """
        [Unit]
        Description=Answers the node about its tunnels
        CollectMode=inactive-or-failed

        [Service]
        Type=exec
        ExecStart=%s
        StandardInput=socket
        StandardOutput=socket
        StandardError=journal
        RuntimeMaxSec=10s
        # It is asked often, and starts and ends are no news.
        LogLevelMax=warning
        """
            .formatted(AGENT)
        + UnitFile.hardening(
            "# For WireGuard's tables and the firewall's; nothing else of root's is left.",
            "CapabilityBoundingSet=CAP_NET_ADMIN",
            "DevicePolicy=closed",
            "ProtectProc=invisible",
            "ProcSubset=pid",
            "MemoryDenyWriteExecute=yes",
            "RestrictNamespaces=yes",
            "RestrictAddressFamilies=AF_UNIX AF_NETLINK",
            "SystemCallFilter=@system-service",
            "SystemCallFilter=~@privileged @resources @keyring");
  }
}
