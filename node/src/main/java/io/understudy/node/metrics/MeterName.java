package io.understudy.node.metrics;

import com.google.common.collect.ImmutableList;

/**
 * Every meter of the node: name, kind, base unit, labels and what it says. The exposed name has
 * underscores for dots, then the unit, then {@code _total} for a counter.
 */
public enum MeterName {
  CELL_PHASE(
      "understudy.cell.phase",
      Kind.GAUGE,
      "",
      by("gateway", "phase"),
      "1 for the phase that the gateway's cell on this node is in, 0 for the others"),
  CELL_EPOCH(
      "understudy.cell.epoch",
      Kind.GAUGE,
      "",
      by("gateway"),
      "The epoch that the cell acts or last acted under"),
  CELL_LEADER(
      "understudy.cell.leader",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while this node is elected for the gateway"),
  CELL_ELECTED(
      "understudy.cell.elected",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while any node is elected for the gateway, 0 while none is, as this node read it from "
          + "coordination last"),
  CELL_READY(
      "understudy.cell.ready",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while this node could take the gateway over now"),
  GATE_OPEN(
      "understudy.gate.open",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while the trading gate is open, until its shutting is confirmed"),
  GATEWAY_AUTHENTICATED(
      "understudy.gateway.authenticated",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while the gateway on this node has an established brokerage session"),
  CONNECTION_UP(
      "ib.connection.up",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while the gateway on this node has an established brokerage session; the same "
          + "as understudy_gateway_authenticated, by the name that dashboards know"),
  LAST_RECONNECT(
      "ib.last.reconnect.unix",
      Kind.GAUGE,
      "",
      by("gateway"),
      "When the gateway on this node last became connected, in seconds since 1970; "
          + "absent if never in this life of the daemon"),
  RECONNECTS(
      "ib.reconnect",
      Kind.COUNTER,
      "",
      by("gateway"),
      "How often the gateway on this node became connected again, not counting the "
          + "first time in this life of the daemon"),
  RECONNECT_FAILURES(
      "ib.reconnect.failures",
      Kind.COUNTER,
      "",
      by("gateway"),
      "Login attempts of this node that did not succeed, those that never reached IBKR "
          + "included"),
  COMPETING_SESSIONS(
      "understudy.competing.sessions",
      Kind.COUNTER,
      "",
      by("gateway"),
      "How often somebody else took the brokerage session of the gateway on this node"),
  MAINTENANCE(
      "understudy.maintenance",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 inside a maintenance window of IBKR, in which no login is tried"),
  LEASE_REMAINING(
      "understudy.lease.remaining",
      Kind.GAUGE,
      "seconds",
      by(),
      "Time until the lease of this node ends; 0 without a lease"),
  LOGIN_FAILURES_IN_ROW(
      "understudy.login.failures.in.row",
      Kind.GAUGE,
      "",
      by("gateway"),
      "Failed submissions of credentials in a row, cluster-wide"),
  LOGIN_BUDGET_LEFT(
      "understudy.login.budget.left",
      Kind.GAUGE,
      "",
      by("gateway"),
      "Failed submissions that the login budget still allows before logins are locked, "
          + "cluster-wide"),
  LOGIN_LOCKED(
      "understudy.login.locked",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while logins are locked, cluster-wide"),
  LOGIN_LAST_SUCCESS(
      "understudy.login.last.success.timestamp",
      Kind.GAUGE,
      "seconds",
      by("gateway"),
      "When a login last succeeded, cluster-wide, in seconds since 1970; 0 if never"),
  LOGIN_CODE_REQUESTED(
      "understudy.login.code.requested",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while a login waits for a one-time code from an operator"),
  LOGIN_ATTEMPTS(
      "understudy.login.attempts",
      Kind.COUNTER,
      "",
      by("gateway", "verdict"),
      "Login attempts of this node by what became of them"),
  LOGIN_TOTP_WAIT(
      "understudy.login.totp.wait",
      Kind.HISTOGRAM,
      "seconds",
      by("gateway"),
      "Waits of a login of this node for the next time step of one-time codes"),
  DISCREPANCIES(
      "understudy.discrepancies",
      Kind.GAUGE,
      "",
      by("gateway"),
      "Discrepancies in the last reconciliation on this node"),
  DIRECTIVE(
      "understudy.directive",
      Kind.GAUGE,
      "",
      by("gateway", "directive"),
      "1 while the operators' directive holds: paused, logged_out, trading_halted, "
          + "switchover"),
  TRANSITIONS(
      "understudy.transitions",
      Kind.COUNTER,
      "",
      by("gateway", "phase"),
      "Transitions of the cell by the phase reached"),
  LEADER_CHANGES(
      "understudy.leader.changes",
      Kind.COUNTER,
      "",
      by("gateway", "reason"),
      "How often this node became leader: first of all, by a switchover, after the "
          + "former leader had ceded, or because it was lost"),
  TAKEOVER_PHASE(
      "understudy.takeover.phase",
      Kind.HISTOGRAM,
      "seconds",
      by("gateway", "phase"),
      "Time spent in each phase of a takeover by this node that came to serving"),
  TAKEOVER(
      "understudy.takeover",
      Kind.HISTOGRAM,
      "seconds",
      by("gateway", "clean"),
      "Time of a takeover by this node from the claim to serving; clean: the former "
          + "leader had given up in good order"),
  COORDINATION_CONNECTED(
      "understudy.coordination.connected", Kind.GAUGE, "", by(), "1 while coordination answers"),
  SNAPSHOT_AGE(
      "understudy.coordination.snapshot.age",
      Kind.GAUGE,
      "seconds",
      by(),
      "Age of the last complete read of coordination"),
  PEER_LAST_CONTACT(
      "understudy.peer.last.contact",
      Kind.GAUGE,
      "seconds",
      by("node"),
      "Time since another node last wrote of itself"),
  PEER_UP(
      "understudy.peer.up",
      Kind.GAUGE,
      "",
      by("node"),
      "1 while probes of the other node are answered"),
  PEER_ROUND_TRIP(
      "understudy.peer.round.trip",
      Kind.GAUGE,
      "seconds",
      by("node"),
      "Round trip of the last answered probe of the other node"),
  PEER_CLOCK_OFFSET(
      "understudy.peer.clock.offset",
      Kind.GAUGE,
      "seconds",
      by("node"),
      "Clock of the other node less the own one, by the quickest of the latest eight "
          + "answered probes; positive: it is ahead"),
  PEER_HANDSHAKE_AGE(
      "understudy.peer.tunnel.handshake.age",
      Kind.GAUGE,
      "seconds",
      by("node"),
      "Time since the tunnel to the other node renewed its keys; absent where that "
          + "cannot be read"),
  PEER_CONDITION(
      "understudy.peer.condition",
      Kind.GAUGE,
      "",
      by("node", "condition"),
      "1 while the condition between the other node and this one holds"),
  COORDINATION_SERVER_UP(
      "understudy.coordination.server.up",
      Kind.GAUGE,
      "",
      by("server"),
      "1 while the coordination server answers, and leads or follows"),
  COORDINATION_SERVERS(
      "understudy.coordination.servers",
      Kind.GAUGE,
      "",
      by(),
      "Coordination servers configured; 0 before they were asked for the first time"),
  LOOP_PASSES("understudy.loop.passes", Kind.COUNTER, "", by(), "Passes of the control loop"),
  LOOP_PASS(
      "understudy.loop.pass",
      Kind.HISTOGRAM,
      "seconds",
      by(),
      "Time of a pass of the control loop"),
  JVM_PAUSE(
      "understudy.jvm.pause",
      Kind.COUNTER,
      "seconds",
      by(),
      "Time that the process stood still, in pauses above 100 ms"),
  STATUS_AGE(
      "understudy.loop.status.age",
      Kind.GAUGE,
      "seconds",
      by(),
      "Time since the control loop last published what it knows"),
  RELAY_CONNECTIONS(
      "understudy.relay.connections",
      Kind.COUNTER,
      "",
      by("gateway"),
      "Connections of trading clients"),
  RELAY_OPEN_CONNECTIONS(
      "understudy.relay.open.connections",
      Kind.GAUGE,
      "",
      by("gateway"),
      "Connections of trading clients that are open now"),
  RELAY_BYTES(
      "understudy.relay",
      Kind.COUNTER,
      "bytes",
      by("gateway", "direction"),
      "Bytes forwarded, by direction"),
  NAV(
      "strategy.nav",
      Kind.GAUGE,
      "usd",
      by("gateway", "account"),
      "Net liquidation value of an account in US dollars, while this node serves; "
          + "absent when unknown or in another currency"),
  NAV_HIGH_WATER(
      "strategy.nav.high.water",
      Kind.GAUGE,
      "usd",
      by("gateway", "account"),
      "Highest net liquidation value that the cluster has seen, whoever led, in US " + "dollars"),
  DRAWDOWN(
      "strategy.drawdown",
      Kind.GAUGE,
      "pct",
      by("gateway", "account"),
      "By how many percent the account is below its high-water mark: 5 is five percent"),
  GROSS_EXPOSURE(
      "portfolio.gross.exposure",
      Kind.GAUGE,
      "usd",
      by("gateway", "account"),
      "Market values of all positions without their signs, in US dollars; absent when "
          + "one is in another currency"),
  NET_EXPOSURE(
      "portfolio.net.exposure",
      Kind.GAUGE,
      "usd",
      by("gateway", "account"),
      "Market values of all positions with their signs, in US dollars; absent when one "
          + "is in another currency"),
  ORDERS_SUBMITTED(
      "ib.orders.submitted",
      Kind.COUNTER,
      "",
      by("gateway"),
      "Orders that appeared at the broker while this node served"),
  ORDERS_FILLED(
      "ib.orders.filled",
      Kind.COUNTER,
      "",
      by("gateway"),
      "Orders that were filled completely while this node served"),
  ORDERS_REJECTED(
      "ib.orders.rejected",
      Kind.COUNTER,
      "",
      by("gateway"),
      "Orders that were refused while this node served"),
  CERTIFICATE_EXPIRY(
      "understudy.certificate.expiry.timestamp",
      Kind.GAUGE,
      "seconds",
      by("certificate"),
      "When the certificate in effect ends, in seconds since 1970"),
  DRILL_UNDER_WAY(
      "understudy.drill.under.way",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 while a drill is under way, cluster-wide"),
  DRILL_LAST(
      "understudy.drill.last.timestamp",
      Kind.GAUGE,
      "seconds",
      by("gateway"),
      "When the last drill ended, cluster-wide, in seconds since 1970; absent while one is under "
          + "way and before the first"),
  DRILL_LAST_PASSED(
      "understudy.drill.last.passed",
      Kind.GAUGE,
      "",
      by("gateway"),
      "1 if the last drill passed, 0 if it failed or was aborted; absent like its time"),
  DRILL_LAST_RECOVERY(
      "understudy.drill.last.recovery",
      Kind.GAUGE,
      "seconds",
      by("gateway"),
      "From the fault of the last drill until orders could pass again; absent where they did not"),
  BUILD_INFO(
      "understudy.build.info", Kind.GAUGE, "", by("version"), "1, with the version as a label");

  /** What a meter is. */
  public enum Kind {
    GAUGE,
    COUNTER,
    HISTOGRAM
  }

  private final String meter;
  private final Kind kind;
  private final String unit;
  private final ImmutableList<String> labels;
  private final String description;

  MeterName(
      String meter, Kind kind, String unit, ImmutableList<String> labels, String description) {
    this.meter = meter;
    this.kind = kind;
    this.unit = unit;
    this.labels = labels;
    this.description = description;
  }

  /** With dots, as Micrometer names it. */
  public String meter() {
    return meter;
  }

  public Kind kind() {
    return kind;
  }

  /** Empty for a plain number. */
  public String unit() {
    return unit;
  }

  /** Every label that its series carry, in the order in which they are documented. */
  public ImmutableList<String> labels() {
    return labels;
  }

  public String description() {
    return description;
  }

  /** As Prometheus sees it. */
  public String exposed() {
    return meter.replace('.', '_')
        + (unit.isEmpty() ? "" : "_" + unit)
        + (kind == Kind.COUNTER ? "_total" : "");
  }

  private static ImmutableList<String> by(String... names) {
    return ImmutableList.copyOf(names);
  }
}
