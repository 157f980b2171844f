package io.understudy.node.page;

import io.netty.channel.socket.SocketChannel;
import java.util.HashMap;
import java.util.Map;

/**
 * How many connections there are at once, in all and from one address; one too many is closed
 * before a handshake. Any thread.
 */
final class Connections {
  static final int IN_ALL_MAX = 64;
  static final int PER_ADDRESS_MAX = 24;

  private final Map<String, Integer> byAddress = new HashMap<>();
  private int inAll;

  /** Counts the connection until it ends, or closes it. */
  boolean take(SocketChannel channel) {
    String address = address(channel);
    if (!enter(address)) {
      var _ = channel.close();
      return false;
    }
    channel.closeFuture().addListener(_ -> leave(address));
    return true;
  }

  /** Without the port. */
  static String address(SocketChannel channel) {
    return channel.remoteAddress() == null
        ? "unknown"
        : channel.remoteAddress().getAddress().getHostAddress();
  }

  private synchronized boolean enter(String address) {
    int there = byAddress.getOrDefault(address, 0);
    if (inAll >= IN_ALL_MAX || there >= PER_ADDRESS_MAX) {
      return false;
    }
    inAll++;
    byAddress.put(address, there + 1);
    return true;
  }

  private synchronized void leave(String address) {
    inAll--;
    byAddress.computeIfPresent(address, (_, there) -> there == 1 ? null : there - 1);
  }
}
