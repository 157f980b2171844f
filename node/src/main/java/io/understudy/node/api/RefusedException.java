package io.understudy.node.api;

import io.understudy.node.core.failover.Rejection;

/** A request that is refused before it reaches the loop. */
final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Rejection rejection;

  RefusedException(Rejection rejection) {
    super(rejection.sentence());
    this.rejection = rejection;
  }

  Rejection rejection() {
    return rejection;
  }
}
