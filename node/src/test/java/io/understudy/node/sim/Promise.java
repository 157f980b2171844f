package io.understudy.node.sim;

import com.google.common.base.CaseFormat;

/** What the judge looks for: the promises of the design, and rules of the core's own. */
enum Promise {
  SINGLE_SESSION,
  MONOTONIC_EPOCH,
  NO_STALE_EFFECT,
  SELF_FENCE,
  FENCE_BEFORE_START,
  STOP_BEFORE_RELEASE,
  ONE_CODE_PER_STEP,
  LOGIN_BUDGET,
  GATE_AFTER_RECONCILE,
  LIVENESS,
  /** The same input gives the same decision. */
  PURITY,
  /** Deciding twice asks for nothing new. */
  LEVEL_DRIVEN,
  /** Nothing has its turn before the time at which the core asked to be woken. */
  WOKEN_IN_TIME,
  /** A request is carried out once, and answered. */
  COMMAND_ANSWERED,
  /** A drill makes its fault once and in time, and ends by its deadline. */
  DRILL_BOUNDED;

  @Override
  public String toString() {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.UPPER_CAMEL, name());
  }
}
