package io.understudy.bundle.render;

import com.google.common.base.Joiner;
import io.understudy.bundle.cluster.HostRole;

/**
 * {@code understudy-zookeeper.service}: a ZooKeeper server under a user of its own, who sees no
 * secret of a gateway.
 */
final class ZooKeeperUnit {
  static final String NAME = "understudy-zookeeper.service";

  private static final String INSTALL =
      """

      [Install]
      WantedBy=multi-user.target
      """;

  private ZooKeeperUnit() {}

  static RenderedFile of(Place place) {
    return UnitFile.of(
        NAME,
        place.header()
            + """
            [Unit]
            Description=ZooKeeper server %1$s of the Understudy cluster %2$s
            Wants=network-online.target
            After=network-online.target
            # It listens to its tunnel address alone.
            After=wg-quick@wg0.service wg-quick@wg1.service
            # Without its rules it does not start.
            Requires=understudy-firewall.service
            After=understudy-firewall.service
            StartLimitIntervalSec=0

            [Service]
            Type=exec
            User=%3$s
            Group=%3$s
            StateDirectory=%3$s
            StateDirectoryMode=0700
            ExecStart=/opt/understudy/node/bin/understudy-zookeeper %4$s
            Restart=always
            RestartSec=1s
            KillMode=control-group
            TimeoutStopSec=10s
            SuccessExitStatus=143

            # Without a quorum nobody leads: it is the last that a host short of memory gives up.
            MemoryMax=512M
            OOMScoreAdjust=-700
            TasksMax=256
            """
                .formatted(
                    place.host().id(),
                    place.cluster().name(),
                    ZooKeeperConf.USER,
                    ZooKeeperConf.CONFIG)
            + UnitFile.hardening(
                "CapabilityBoundingSet=",
                "DevicePolicy=closed",
                "PrivateUsers=yes",
                "ProtectProc=invisible",
                "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
                "RestrictNamespaces=yes",
                "SystemCallFilter=@system-service",
                "SystemCallFilter=~@privileged @resources @keyring",
                "# It talks to the other servers and to the nodes.",
                "IPAddressDeny=any",
                "IPAddressAllow=localhost " + Joiner.on(' ').join(place.addresses(HostRole::votes)))
            + INSTALL);
  }
}
