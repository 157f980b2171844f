package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.Host;
import io.understudy.bundle.cluster.HostRole;

/**
 * {@code understudy-drill.timer} and its service, on the primary: each quarter a line in the log
 * asks for a rehearsal of the takeover. It changes nothing by itself: who rehearses with a live
 * login decides when.
 */
final class DrillUnits {
  private static final String SERVICE = "understudy-drill.service";
  private static final String TIMER = "understudy-drill.timer";

  /**
   * The first Saturday of a quarter: markets are closed, and IBKR's work of Friday night, until
   * 03:00 in New York, is over in summer and in winter.
   */
  static final String CALENDAR = "Sat *-01,04,07,10-01..07 10:00:00 UTC";

  private DrillUnits() {}

  static ImmutableList<RenderedFile> of(Place place) {
    return ImmutableList.of(
        UnitFile.of(
            TIMER,
            place.header()
                + """
                [Unit]
                Description=Each quarter: the takeover wants a rehearsal

                [Timer]
                # Markets are closed, and IBKR's work of Friday night is over.
                OnCalendar=%s
                Persistent=yes

                [Install]
                WantedBy=timers.target
                """
                    .formatted(CALENDAR)),
        UnitFile.of(
            SERVICE,
            place.header()
                + """
                [Unit]
                Description=The takeover wants a rehearsal

                [Service]
                Type=oneshot
                SyslogLevel=warning
                ExecStart=/usr/bin/echo "A rehearsal of the takeover is due. While markets are closed, for each \
                gateway: understudy failover --to %1$s --reason drill, then understudy status, then back again"
                """
                    .formatted(standby(place))
                + UnitFile.hardening(
                    "CapabilityBoundingSet=",
                    "DevicePolicy=closed",
                    "PrivateUsers=yes",
                    "ProtectProc=invisible",
                    "DynamicUser=yes",
                    "PrivateNetwork=yes",
                    "ProcSubset=pid",
                    "MemoryDenyWriteExecute=yes",
                    "RestrictAddressFamilies=AF_UNIX",
                    "RestrictNamespaces=yes",
                    "SystemCallFilter=@system-service",
                    "SystemCallFilter=~@privileged @resources @keyring")));
  }

  private static String standby(Place place) {
    return place.cluster().nodes().stream()
        .filter(host -> host.role() == HostRole.STANDBY)
        .map(Host::id)
        .findFirst()
        .orElseThrow();
  }
}
