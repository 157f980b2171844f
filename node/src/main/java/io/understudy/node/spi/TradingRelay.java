package io.understudy.node.spi;

import io.understudy.node.core.model.Epoch;

/**
 * The port that trading clients connect to. Closed (nothing listens, connections reset) until
 * opened under an epoch; while open it asks the {@link LeaseGuard} between each read and the write
 * that follows, and resets every connection the moment it says no.
 */
public interface TradingRelay extends AutoCloseable {
  /** Listens and forwards to the gateway's port under the epoch. Idempotent for the same epoch. */
  void open(Epoch epoch) throws DriverException;

  /**
   * Stops listening and resets all connections; returns when no further byte can pass. Idempotent.
   */
  void shut();

  /** A copy of the counters. */
  Traffic traffic();

  @Override
  void close();

  /** Counters since start; bytes both ways. */
  record Traffic(long connections, long bytesToGateway, long bytesToClients, int openConnections) {}
}
