package io.understudy.node.core.login;

/** How a gateway's username proves itself a second time. */
public enum SecondFactorKind {
  /** A one-time code computed from a shared secret. */
  TOTP,
  /** A notification on a phone; somebody taps. */
  PUSH,
  /** The operator types a code into the login command. */
  OPERATOR,
  /** The username has none. */
  NONE
}
