package io.understudy.node.core.failover;

/** Where a cell stands. */
public enum Phase {
  /** Not entitled; the gateway is logged out, warm where the driver can. */
  STANDBY,
  /** Elected; taking the next epoch. */
  CLAIMING,
  /** Making sure that the former holder stopped, then taking custody. */
  FENCING,
  /** Starting the gateway, obtaining a permit, logging in. */
  LOGGING_IN,
  /** Waiting until the gateway's own status says that the session is established. */
  VERIFYING,
  /** Comparing positions; the gate is shut. */
  RECONCILING,
  /** Logged in and reconciled; the gate is open unless trading is halted. */
  SERVING,
  /** Asked to give up: logging out, confirming, clearing custody, leaving. */
  CEDING,
  /** The right to lead ends or ended: making the gateway harmless by force. */
  SELF_FENCING,
  /** Leads, and a person must act first. */
  NEEDS_OPERATOR;

  /**
   * Whether anything guarded may happen in this phase: a login submitted, a session opened, a
   * client's byte passed. A cell that cedes or waits for a person is entitled, and does none of it.
   */
  public boolean mayAct() {
    return switch (this) {
      case LOGGING_IN, VERIFYING, RECONCILING, SERVING -> true;
      case STANDBY, CLAIMING, FENCING, CEDING, SELF_FENCING, NEEDS_OPERATOR -> false;
    };
  }

  /** Whether a node in this phase holds an epoch and must fence itself when its lease ends. */
  public boolean entitled() {
    return switch (this) {
      case STANDBY, SELF_FENCING -> false;
      case CLAIMING, FENCING, LOGGING_IN, VERIFYING, RECONCILING, SERVING, CEDING, NEEDS_OPERATOR ->
          true;
    };
  }
}
