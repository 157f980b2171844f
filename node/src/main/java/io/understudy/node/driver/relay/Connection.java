package io.understudy.node.driver.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A trading client and its way to the gateway. Ends orderly when both sides have finished sending,
 * else by a reset of both. Event loop only.
 */
final class Connection {
  private static final int DIRECTIONS = 2;
  private static final int LINGER_DEFAULT = -1;

  private final Gate gate;
  private final Channel client;
  private final Limits limits;
  private final Consumer<Connection> onEnd;
  private @Nullable Channel gateway;
  private int directionsEnded;
  private boolean ended;

  Connection(Gate gate, Channel client, Limits limits, Consumer<Connection> onEnd) {
    this.gate = gate;
    this.client = client;
    this.limits = limits;
    this.onEnd = onEnd;
  }

  boolean permitted() {
    return gate.permits();
  }

  /** Either side's end is the other's. */
  void leadsTo(Channel gatewayChannel) {
    gateway = gatewayChannel;
    client.closeFuture().addListener(closed -> reset());
    gatewayChannel.closeFuture().addListener(closed -> reset());
  }

  void directionEnded() {
    directionsEnded++;
    if (directionsEnded < DIRECTIONS) {
      // A client that is gone looks like one that only finished sending: it must not stay for ever.
      var _ =
          client
              .eventLoop()
              .schedule(this::reset, limits.halfClosedMax().toMillis(), TimeUnit.MILLISECONDS);
    } else {
      // With a linger time of zero, answers that still wait in the socket would be thrown away.
      client.config().setOption(ChannelOption.SO_LINGER, LINGER_DEFAULT);
      if (gateway != null) {
        gateway.config().setOption(ChannelOption.SO_LINGER, LINGER_DEFAULT);
      }
      close();
    }
  }

  /** Ends both sides at once. Their linger time is zero, so what waits in the sockets is lost. */
  void reset() {
    close();
  }

  private void close() {
    if (ended) {
      return;
    }
    ended = true;
    close(client);
    if (gateway != null) {
      close(gateway);
    }
    onEnd.accept(this);
  }

  /** Closes without waiting: on the event loop it is done when this returns. */
  static void close(Channel channel) {
    var _ = channel.close();
  }
}
