package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.Drills.Unattended;
import io.understudy.bundle.cluster.Operator;
import java.util.stream.Collectors;

/**
 * {@code understudy-drill.timer} and its service. Each quarter either a line in the log of the
 * primary asks for a drill, or an operator's host runs one for each gateway.
 */
final class DrillUnits {
  private static final String SERVICE = "understudy-drill.service";
  private static final String TIMER = "understudy-drill.timer";

  /**
   * The second Saturday of the middle month of a quarter: markets are closed, and IBKR's work of
   * Friday night, until 03:00 in New York, is over in summer and in winter. {@code understudy drill
   * schedule} says the same. In UTC, because a small host may know no other zone.
   */
  static final String CALENDAR = "Sat *-02,05,08,11-08..14 15:00:00 UTC";

  private static final ImmutableList<String> HARDENING =
      ImmutableList.of(
          "CapabilityBoundingSet=",
          "DevicePolicy=closed",
          "PrivateUsers=yes",
          "ProtectProc=invisible",
          "RestrictNamespaces=yes",
          "SystemCallFilter=@system-service",
          "SystemCallFilter=~@privileged @resources @keyring");

  private DrillUnits() {}

  /** Nothing on hosts that neither ask for drills nor run them. */
  static ImmutableList<RenderedFile> of(Place place) {
    return switch (place.host().role()) {
      case PRIMARY ->
          unattended(place) == Unattended.NONE ? units(place, reminder()) : ImmutableList.of();
      case OPERATOR ->
          runner(place).stream()
              .flatMap(operator -> units(place, run(place, operator)).stream())
              .collect(ImmutableList.toImmutableList());
      case STANDBY, WITNESS, TRADING -> ImmutableList.of();
    };
  }

  private static Unattended unattended(Place place) {
    return place.cluster().drills().unattended();
  }

  /** Who runs drills on this host. */
  private static ImmutableList<Operator> runner(Place place) {
    if (unattended(place) == Unattended.NONE) {
      return ImmutableList.of();
    }
    return place.cluster().operatorsAt(place.host()).stream()
        .filter(each -> each.name().equals(place.cluster().drills().operator().orElse("")))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<RenderedFile> units(Place place, String service) {
    return ImmutableList.of(
        UnitFile.of(
            TIMER,
            place.header()
                + """
                [Unit]
                Description=Each quarter: a drill

                [Timer]
                # Markets are closed, and IBKR's work of Friday night is over. A slot that was missed is not
                # made up for: markets may be open by then, and an alert says when a drill is overdue.
                OnCalendar=%s

                [Install]
                WantedBy=timers.target
                """
                    .formatted(CALENDAR)),
        UnitFile.of(SERVICE, place.header() + service));
  }

  private static String reminder() {
    return """
    [Unit]
    Description=A drill is due

    [Service]
    Type=oneshot
    SyslogLevel=warning
    ExecStart=/usr/bin/echo "A drill is due. While markets are closed, for each gateway: \
    understudy drill run --kind switchover --reason quarterly"
    """
        + UnitFile.hardening(
            ImmutableList.<String>builder()
                .addAll(HARDENING)
                .add(
                    "DynamicUser=yes",
                    "PrivateNetwork=yes",
                    "ProcSubset=pid",
                    "MemoryDenyWriteExecute=yes",
                    "RestrictAddressFamilies=AF_UNIX")
                .build()
                .toArray(String[]::new));
  }

  /**
   * The operator's own files reach a user that exists only meanwhile, as credentials. A drill that
   * fails or may not begin ends the unit as failed, and the gateways behind it are left alone.
   */
  private static String run(Place place, Operator operator) {
    String folder = "/etc/understudy/operators/" + operator.name() + "/";
    String kind = unattended(place) == Unattended.LOGIN_ONLY ? "login-only" : "switchover";
    return """
    [Unit]
    Description=A drill of each gateway, with the certificate of operator %s
    Wants=network-online.target
    After=network-online.target wg-quick@wg0.service wg-quick@wg1.service

    [Service]
    Type=oneshot
    DynamicUser=yes
    StateDirectory=understudy-drills
    Environment=UNDERSTUDY_CONFIG=%%d/config.yaml
    """
            .formatted(operator.name())
        + ImmutableList.of(
                "config.yaml", operator.name() + ".crt", operator.name() + ".key", "authority.crt")
            .stream()
            .map(file -> "LoadCredential=%s:%s%s\n".formatted(file, folder, file))
            .collect(Collectors.joining())
        + place.cluster().gateways().keySet().stream()
            .map(gateway ->
                ("ExecStart=/usr/bin/understudy --gateway %s drill run --kind %s --reason quarterly"
                        + " --yes --report /var/lib/understudy-drills\n")
                    .formatted(gateway, kind))
            .collect(Collectors.joining())
        + "TimeoutStartSec=2h\n"
        + UnitFile.hardening(
            ImmutableList.<String>builder()
                .addAll(HARDENING)
                .add(
                    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
                    "# It talks to the nodes, through the tunnel.",
                    "IPAddressDeny=any",
                    "IPAddressAllow=localhost " + place.cluster().tunnel().subnet())
                .build()
                .toArray(String[]::new));
  }
}
