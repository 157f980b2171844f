package io.understudy.bundle.authority;

/** What somebody wants of a rotation. */
public enum Signal {
  /** Begin it, or take the next stage. */
  ADVANCE,
  /** Take the last stage back. */
  ABORT,
  /** Nothing that was issued counts from now on. */
  REVOKE
}
