package io.understudy.node.metrics;

/**
 * Every meter of the node: name, kind, base unit and what it says. The exposed name has underscores
 * for dots, then the unit, then {@code _total} for a counter.
 */
public enum MeterName {
  CELL_PHASE(
      "understudy.cell.phase",
      Kind.GAUGE,
      "",
      "1 for the phase that the gateway's cell on this node is in, 0 for the others"),
  CELL_EPOCH(
      "understudy.cell.epoch", Kind.GAUGE, "", "The epoch that the cell acts or last acted under"),
  CELL_LEADER(
      "understudy.cell.leader", Kind.GAUGE, "", "1 while this node is elected for the gateway"),
  CELL_READY(
      "understudy.cell.ready", Kind.GAUGE, "", "1 while this node could take the gateway over now"),
  GATE_OPEN("understudy.gate.open", Kind.GAUGE, "", "1 while the trading gate is open"),
  GATEWAY_AUTHENTICATED(
      "understudy.gateway.authenticated",
      Kind.GAUGE,
      "",
      "1 while the gateway on this node has an established brokerage session"),
  LEASE_REMAINING(
      "understudy.lease.remaining",
      Kind.GAUGE,
      "seconds",
      "Time until the lease of this node ends; 0 without a lease"),
  LOGIN_FAILURES_IN_ROW(
      "understudy.login.failures.in.row",
      Kind.GAUGE,
      "",
      "Failed submissions of credentials in a row, cluster-wide"),
  LOGIN_LOCKED(
      "understudy.login.locked", Kind.GAUGE, "", "1 while logins are locked, cluster-wide"),
  LOGIN_LAST_SUCCESS(
      "understudy.login.last.success.timestamp",
      Kind.GAUGE,
      "seconds",
      "When a login last succeeded, cluster-wide, in seconds since 1970; 0 if never"),
  LOGIN_CODE_REQUESTED(
      "understudy.login.code.requested",
      Kind.GAUGE,
      "",
      "1 while a login waits for a one-time code from an operator"),
  LOGIN_ATTEMPTS(
      "understudy.login.attempts",
      Kind.COUNTER,
      "",
      "Login attempts of this node by what became of them"),
  DISCREPANCIES(
      "understudy.discrepancies",
      Kind.GAUGE,
      "",
      "Discrepancies in the last reconciliation on this node"),
  DIRECTIVE(
      "understudy.directive",
      Kind.GAUGE,
      "",
      "1 while the operators' directive holds: paused, logged_out, trading_halted, switchover"),
  TRANSITIONS(
      "understudy.transitions", Kind.COUNTER, "", "Transitions of the cell by the phase reached"),
  COORDINATION_CONNECTED(
      "understudy.coordination.connected", Kind.GAUGE, "", "1 while coordination answers"),
  SNAPSHOT_AGE(
      "understudy.coordination.snapshot.age",
      Kind.GAUGE,
      "seconds",
      "Age of the last complete read of coordination"),
  PEER_LAST_CONTACT(
      "understudy.peer.last.contact",
      Kind.GAUGE,
      "seconds",
      "Time since another node last wrote of itself"),
  LOOP_PASSES("understudy.loop.passes", Kind.COUNTER, "", "Passes of the control loop"),
  STATUS_AGE(
      "understudy.loop.status.age",
      Kind.GAUGE,
      "seconds",
      "Time since the control loop last published what it knows"),
  RELAY_CONNECTIONS(
      "understudy.relay.connections", Kind.COUNTER, "", "Connections of trading clients"),
  RELAY_OPEN_CONNECTIONS(
      "understudy.relay.open.connections",
      Kind.GAUGE,
      "",
      "Connections of trading clients that are open now"),
  RELAY_BYTES("understudy.relay", Kind.COUNTER, "bytes", "Bytes forwarded, by direction"),
  CERTIFICATE_EXPIRY(
      "understudy.certificate.expiry.timestamp",
      Kind.GAUGE,
      "seconds",
      "When the certificate in effect ends, in seconds since 1970"),
  BUILD_INFO("understudy.build.info", Kind.GAUGE, "", "1, with the version as a label");

  /** What a meter is. */
  public enum Kind {
    GAUGE,
    COUNTER
  }

  private final String meter;
  private final Kind kind;
  private final String unit;
  private final String description;

  MeterName(String meter, Kind kind, String unit, String description) {
    this.meter = meter;
    this.kind = kind;
    this.unit = unit;
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

  public String description() {
    return description;
  }

  /** As Prometheus sees it. */
  public String exposed() {
    return meter.replace('.', '_')
        + (unit.isEmpty() ? "" : "_" + unit)
        + (kind == Kind.COUNTER ? "_total" : "");
  }
}
