package io.understudy.controller.client;

import io.grpc.ManagedChannel;

/**
 * Opens connections to nodes. Opening does not wait; a node that is away shows at the first call.
 */
@FunctionalInterface
public interface Channels {
  ManagedChannel open(Endpoint endpoint);
}
