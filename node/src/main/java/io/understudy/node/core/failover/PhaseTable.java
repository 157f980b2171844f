package io.understudy.node.core.failover;

import static io.understudy.node.core.failover.Phase.CEDING;
import static io.understudy.node.core.failover.Phase.CLAIMING;
import static io.understudy.node.core.failover.Phase.FENCING;
import static io.understudy.node.core.failover.Phase.LOGGING_IN;
import static io.understudy.node.core.failover.Phase.NEEDS_OPERATOR;
import static io.understudy.node.core.failover.Phase.RECONCILING;
import static io.understudy.node.core.failover.Phase.SELF_FENCING;
import static io.understudy.node.core.failover.Phase.SERVING;
import static io.understudy.node.core.failover.Phase.STANDBY;
import static io.understudy.node.core.failover.Phase.VERIFYING;

import com.google.common.collect.ImmutableTable;
import com.google.common.collect.Table;

/**
 * The one table of a cell's transitions. A pair that is not in it is impossible, and deciding it is
 * a bug.
 */
public final class PhaseTable {
  private static final ImmutableTable<Phase, Signal, Phase> NEXT =
      new ImmutableTable.Builder<Phase, Signal, Phase>()
          .put(STANDBY, Signal.ELECTED, CLAIMING)
          .put(STANDBY, Signal.STRAY_SESSION, SELF_FENCING)
          .put(CLAIMING, Signal.CLAIMED, FENCING)
          .put(CLAIMING, Signal.CLAIM_LOST, STANDBY)
          .put(FENCING, Signal.CUSTODY_TAKEN, LOGGING_IN)
          .put(FENCING, Signal.CLAIM_LOST, STANDBY)
          .put(FENCING, Signal.CEDE_ORDERED, CEDING)
          .put(LOGGING_IN, Signal.SESSION_EXPECTED, VERIFYING)
          .put(LOGGING_IN, Signal.PERSON_NEEDED, NEEDS_OPERATOR)
          .put(LOGGING_IN, Signal.CEDE_ORDERED, CEDING)
          .put(LOGGING_IN, Signal.LEASE_ENDING, SELF_FENCING)
          .put(VERIFYING, Signal.SESSION_ESTABLISHED, RECONCILING)
          .put(VERIFYING, Signal.SESSION_LOST, LOGGING_IN)
          .put(VERIFYING, Signal.PERSON_NEEDED, NEEDS_OPERATOR)
          .put(VERIFYING, Signal.CEDE_ORDERED, CEDING)
          .put(VERIFYING, Signal.LEASE_ENDING, SELF_FENCING)
          .put(RECONCILING, Signal.RECONCILED, SERVING)
          .put(RECONCILING, Signal.SESSION_LOST, LOGGING_IN)
          .put(RECONCILING, Signal.SESSION_REOPENING, VERIFYING)
          .put(RECONCILING, Signal.PERSON_NEEDED, NEEDS_OPERATOR)
          .put(RECONCILING, Signal.CEDE_ORDERED, CEDING)
          .put(RECONCILING, Signal.LEASE_ENDING, SELF_FENCING)
          .put(SERVING, Signal.SESSION_LOST, LOGGING_IN)
          .put(SERVING, Signal.SESSION_REOPENING, VERIFYING)
          .put(SERVING, Signal.PERSON_NEEDED, NEEDS_OPERATOR)
          .put(SERVING, Signal.CEDE_ORDERED, CEDING)
          .put(SERVING, Signal.LEASE_ENDING, SELF_FENCING)
          .put(NEEDS_OPERATOR, Signal.PERSON_NEEDED, NEEDS_OPERATOR)
          .put(NEEDS_OPERATOR, Signal.PERSON_ACTED, LOGGING_IN)
          .put(NEEDS_OPERATOR, Signal.RECONCILE_WANTED, RECONCILING)
          .put(NEEDS_OPERATOR, Signal.SESSION_LOST, LOGGING_IN)
          .put(NEEDS_OPERATOR, Signal.SESSION_REOPENING, VERIFYING)
          .put(NEEDS_OPERATOR, Signal.CEDE_ORDERED, CEDING)
          .put(NEEDS_OPERATOR, Signal.LEASE_ENDING, SELF_FENCING)
          .put(CEDING, Signal.CEDED, STANDBY)
          .put(CEDING, Signal.LEASE_ENDING, SELF_FENCING)
          .put(SELF_FENCING, Signal.FENCED, STANDBY)
          .buildOrThrow();

  private PhaseTable() {}

  /**
   * The phase after the signal.
   *
   * @throws IllegalStateException if the table does not know the pair
   */
  public static Phase next(Phase phase, Signal signal) {
    Phase next = NEXT.get(phase, signal);
    if (next == null) {
      throw new IllegalStateException(phase + " does not know " + signal);
    }
    return next;
  }

  /** Every transition, in table order, for documents and tests. */
  public static Iterable<Table.Cell<Phase, Signal, Phase>> all() {
    return NEXT.cellSet();
  }
}
