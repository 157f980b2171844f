package io.understudy.bundle.doctor.check;

import com.google.common.base.CaseFormat;

/** The kinds of findings. Their names are promised to programs; docs/doctor.md explains each. */
public enum Symptom {
  HEALTHY(Severity.OK),

  TUNNEL_DOWN(Severity.ERROR),
  TUNNEL_KEY_OTHER(Severity.ERROR),
  TUNNEL_PORT_OTHER(Severity.ERROR),
  TUNNEL_PEER_MISSING(Severity.ERROR),
  TUNNEL_PEER_UNKNOWN(Severity.WARNING),
  TUNNEL_SILENT(Severity.ERROR),
  TUNNEL_UNUSED_SILENT(Severity.WARNING),
  TUNNEL_READY(Severity.INFO),
  ROUTE_ASTRAY(Severity.ERROR),
  REVERSE_PATH_STRICT(Severity.WARNING),

  CLOCK_NOT_SYNCHRONISED(Severity.WARNING),
  CLOCK_APART(Severity.WARNING),
  CLOCK_FAR_APART(Severity.ERROR),
  CLOCK_NOT_COMPARED(Severity.WARNING),
  NODE_UNREACHABLE(Severity.WARNING),

  COORDINATION_UNREACHABLE(Severity.WARNING),
  COORDINATION_OWN_DOWN(Severity.ERROR),
  COORDINATION_WITHOUT_QUORUM(Severity.ERROR),
  COORDINATION_LEADERS(Severity.ERROR),
  COORDINATION_NO_SPARE(Severity.WARNING),
  SESSION_TIMEOUT_OTHER(Severity.ERROR),
  TICK_OTHER(Severity.ERROR),

  CERTIFICATE_UNREADABLE(Severity.ERROR),
  CERTIFICATE_EXPIRED(Severity.ERROR),
  CERTIFICATE_ENDING(Severity.WARNING),
  CERTIFICATE_NOT_YET_VALID(Severity.ERROR),
  CERTIFICATE_UNTRUSTED(Severity.ERROR),
  CERTIFICATE_KEY_OTHER(Severity.ERROR),
  CERTIFICATE_ADDRESS_MISSING(Severity.ERROR),

  FILE_MISSING(Severity.ERROR),
  FILE_OPEN(Severity.ERROR),
  FILE_MODE_OTHER(Severity.WARNING),
  FILE_OWNER_OTHER(Severity.ERROR),
  SECRET_OPEN(Severity.ERROR),
  SECRET_MISPLACED(Severity.ERROR),
  CREDENTIAL_MISSING(Severity.ERROR),
  CREDENTIAL_OPEN(Severity.ERROR),
  CREDENTIAL_EMPTY(Severity.ERROR),

  GATEWAY_PROGRAM_MISSING(Severity.ERROR),
  BROWSER_MISSING(Severity.ERROR),
  MEMORY_SHORT(Severity.WARNING),

  UNIT_MISSING(Severity.ERROR),
  UNIT_NOT_ACTIVE(Severity.ERROR),
  UNIT_NOT_ENABLED(Severity.WARNING),
  UNIT_STALE(Severity.WARNING),
  CORE_DUMPS_ON(Severity.WARNING),
  SYSTEMD_OLD(Severity.WARNING),

  PORT_SILENT(Severity.ERROR),
  PORT_OPEN_TO_ALL(Severity.ERROR),
  PORT_ELSEWHERE(Severity.ERROR),
  PORT_UNEXPECTED(Severity.INFO),
  FIREWALL_MISSING(Severity.ERROR),
  FIREWALL_OPEN(Severity.ERROR),

  NOT_PERMITTED(Severity.WARNING),
  TOOL_MISSING(Severity.WARNING),
  TOOL_HANGS(Severity.WARNING),
  TOOL_FAILED(Severity.WARNING),
  CHECK_FAILED(Severity.ERROR);

  private final Severity severity;

  Symptom(Severity severity) {
    this.severity = severity;
  }

  public Severity severity() {
    return severity;
  }

  /** As people and programs read it, e.g. {@code TunnelSilent}. */
  public String word() {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, name());
  }
}
