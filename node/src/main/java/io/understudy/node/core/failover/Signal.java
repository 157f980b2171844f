package io.understudy.node.core.failover;

/** What moves a cell from one phase to another; {@link PhaseTable} says where to. */
public enum Signal {
  /** First in the election, and nothing stands against leading. */
  ELECTED,
  /** The claim is written. */
  CLAIMED,
  /** Somebody else was quicker, or the election is lost before anything was guarded. */
  CLAIM_LOST,
  /** The former holder is known to have stopped, and custody is ours. */
  CUSTODY_TAKEN,
  /** The login page said success, or the session is to be opened again without credentials. */
  SESSION_EXPECTED,
  /** The gateway's own status says that the brokerage session is established. */
  SESSION_ESTABLISHED,
  /** The brokerage session is gone, and a login is needed. */
  SESSION_LOST,
  /** The brokerage session is lost or taken, and can be opened again on the same single sign-on. */
  SESSION_REOPENING,
  /** Positions agree, or every discrepancy was accepted. */
  RECONCILED,
  /** Positions are to be compared (again). */
  RECONCILE_WANTED,
  /** A person must act before it goes on. */
  PERSON_NEEDED,
  /** The person has acted. */
  PERSON_ACTED,
  /** Give up in good order. */
  CEDE_ORDERED,
  /** Logged out, confirmed, custody cleared. */
  CEDED,
  /** The right to lead ends, has ended, or is claimed by somebody with a higher epoch. */
  LEASE_ENDING,
  /** The gateway is surely harmless. */
  FENCED,
  /** A gateway is logged in that nobody here is entitled to. */
  STRAY_SESSION
}
