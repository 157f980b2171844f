package io.understudy.bundle.authority;

/** Whether the cluster file may name other voters than those that were rendered last. */
public enum VoterChange {
  REFUSED,
  ALLOWED
}
