package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;

/**
 * {@code understudy-firewall.service}: loads the rules before any interface comes up. The daemon
 * and the ZooKeeper server require it, so a host whose rules cannot be loaded serves nobody. A
 * change of the rules is a reload: a stop or a restart would take those two along, so systemd
 * refuses both when somebody asks for them.
 *
 * <p>Debian's {@code nftables.service} flushes all tables when it stops and starts; a drop-in of it
 * has ours loaded again. Reloading this unit, instead of loading the file there, leaves it to the
 * unit whether the host is guarded by nftables or by ufw; waiting for it there would be for ever,
 * for it comes after that service.
 */
final class FirewallUnit {
  static final String NAME = "understudy-firewall.service";
  static final String NFTABLES = "nftables.service.d/understudy.conf";

  private static final String INSTALL =
      """

      [Install]
      WantedBy=multi-user.target
      """;

  private FirewallUnit() {}

  static ImmutableList<RenderedFile> of(Place place) {
    return ImmutableList.of(unit(place), afterNftables(place));
  }

  private static RenderedFile afterNftables(Place place) {
    return UnitFile.of(
        NFTABLES,
        place.header()
            + """
            [Service]
            ExecStartPost=-/usr/bin/systemctl --no-block reload %1$s
            ExecStopPost=-/usr/bin/systemctl --no-block reload %1$s
            """
                .formatted(NAME));
  }

  private static RenderedFile unit(Place place) {
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
            # It would take the daemon and ZooKeeper along: systemctl reload is what is meant.
            RefuseManualStop=yes

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
