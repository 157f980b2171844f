package io.understudy.bundle.doctor.check;

/** How much a finding matters, the least first. */
public enum Severity {
  /** As it should be. */
  OK,
  /** Good to know; nothing has to be done. */
  INFO,
  /** The cluster serves, and will not for ever, or not after the next fault. */
  WARNING,
  /** The host cannot do its part, or a secret or a port is open. */
  ERROR
}
