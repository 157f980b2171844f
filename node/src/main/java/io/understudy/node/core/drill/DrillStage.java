package io.understudy.node.core.drill;

/** How far a drill has come. */
public enum DrillStage {
  /** On record; the fault was not made. */
  ACCEPTED,
  /** The fault is about to be made, or was made. */
  FAULT,
  /** A node serves again. */
  RECOVERED,
  /** On the way back to the node that led before. */
  FALLING_BACK,
  /** A person has ended it; the way back is still to be gone. */
  ABORTING,
  PASSED,
  FAILED,
  ABORTED;

  public boolean ended() {
    return switch (this) {
      case ACCEPTED, FAULT, RECOVERED, FALLING_BACK, ABORTING -> false;
      case PASSED, FAILED, ABORTED -> true;
    };
  }
}
