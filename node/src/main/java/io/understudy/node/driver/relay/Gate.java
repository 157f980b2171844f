package io.understudy.node.driver.relay;

import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.LeaseGuard;

/**
 * One opening of a relay, under one epoch. Closed for good once it is closed; asks the lease itself
 * at every question. Any thread.
 */
final class Gate {
  private final GatewayId gateway;
  private final Epoch epoch;
  private final LeaseGuard guard;
  private volatile boolean closed;

  Gate(GatewayId gateway, Epoch epoch, LeaseGuard guard) {
    this.gateway = gateway;
    this.epoch = epoch;
    this.guard = guard;
  }

  Epoch epoch() {
    return epoch;
  }

  /** Whether a byte may pass at this instant. */
  boolean permits() {
    return !closed && guard.permits(gateway, epoch);
  }

  void close() {
    closed = true;
  }
}
