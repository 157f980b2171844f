package io.understudy.controller.client;

import io.grpc.ManagedChannel;
import java.util.HashMap;
import java.util.Map;

/** One channel for each endpoint, opened at the first use. For one thread. */
final class Connections implements AutoCloseable {
  private final Channels channels;
  private final Map<Endpoint, ManagedChannel> open = new HashMap<>();

  Connections(Channels channels) {
    this.channels = channels;
  }

  ManagedChannel to(Endpoint endpoint) {
    return open.computeIfAbsent(endpoint, channels::open);
  }

  /** Closes the channel, so that the next use dials again at once. */
  void drop(Endpoint endpoint) {
    ManagedChannel channel = open.remove(endpoint);
    if (channel != null) {
      channel.shutdownNow();
    }
  }

  /** The same error with its cause, where the transport kept that to itself. */
  RpcError explained(RpcError error, Endpoint endpoint) {
    if (!error.broken()) {
      return error;
    }
    return channels.examine(endpoint).map(error::because).orElse(error);
  }

  @Override
  public void close() {
    open.values().forEach(ManagedChannel::shutdownNow);
    open.clear();
  }
}
