package io.understudy.bundle.render;

/**
 * {@code understudy-firewall.service}: loads the rules before any interface comes up. The daemon
 * and the ZooKeeper server require it, so a host whose rules cannot be loaded serves nobody. A
 * change of the rules is a reload: a restart would take those two along.
 */
final class FirewallUnit {
  static final String NAME = "understudy-firewall.service";

  private static final String INSTALL =
      """

      [Install]
      WantedBy=multi-user.target
      """;

  private FirewallUnit() {}

  static RenderedFile of(Place place) {
    return UnitFile.of(
        NAME,
        place.header()
            + """
            [Unit]
            Description=Firewall of host %1$s of the Understudy cluster %2$s
            DefaultDependencies=no
            Wants=network-pre.target
            Before=network-pre.target shutdown.target
            Conflicts=shutdown.target
            # Debian's own begins with "flush ruleset": these rules come after it.
            After=local-fs.target nftables.service
            ReloadPropagatedFrom=nftables.service

            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/usr/sbin/nft -f %3$s
            ExecReload=/usr/sbin/nft -f %3$s
            """
                .formatted(place.host().id(), place.cluster().name(), NftablesRules.TARGET)
            + UnitFile.hardening(
                "CapabilityBoundingSet=CAP_NET_ADMIN",
                "DevicePolicy=closed",
                "RestrictAddressFamilies=AF_NETLINK",
                "RestrictNamespaces=yes",
                "MemoryDenyWriteExecute=yes",
                "ProtectProc=invisible",
                "ProcSubset=pid",
                "SystemCallFilter=@system-service",
                "SystemCallFilter=~@privileged @resources @keyring",
                "IPAddressDeny=any")
            + INSTALL);
  }
}
