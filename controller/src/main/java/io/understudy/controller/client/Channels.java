package io.understudy.controller.client;

import io.grpc.ManagedChannel;
import java.io.IOException;
import java.util.Optional;

/**
 * Opens connections to nodes. Opening does not wait; a node that is away shows at the first call.
 */
@FunctionalInterface
public interface Channels {
  ManagedChannel open(Endpoint endpoint);

  /**
   * Tries a connection by itself to find out why calls fail without saying why. Waits a few seconds
   * at most.
   */
  default Optional<IOException> examine(Endpoint endpoint) {
    return Optional.empty();
  }
}
