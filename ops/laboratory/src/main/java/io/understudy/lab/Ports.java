package io.understudy.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Hands out free TCP ports of the loopback address, each at most once. They lie below the range
 * from which Linux takes the ports of outgoing connections, so that none is taken between the
 * choice and its use. Thread-safe.
 */
final class Ports {
  private static final int FIRST = 20_000;
  private static final int LAST = 31_999;
  private static final int TRIES_MAX = 1_000;

  private final Random random = new Random();
  private final Set<Integer> given = new HashSet<>();

  synchronized int next() {
    for (int i = 0; i < TRIES_MAX; i++) {
      int port = random.nextInt(FIRST, LAST + 1);
      if (isFree(port) && given.add(port)) {
        return port;
      }
    }
    throw new LabException("No free port found between " + FIRST + " and " + LAST);
  }

  private static boolean isFree(int port) {
    // Both: the gateway program listens on all addresses, everything else on loopback.
    return binds(port, InetAddress.getLoopbackAddress()) && binds(port, null);
  }

  private static boolean binds(int port, @org.jspecify.annotations.Nullable InetAddress address) {
    try (ServerSocket socket = new ServerSocket(port, 1, address)) {
      return socket.isBound();
    } catch (IOException _) {
      return false;
    }
  }
}
