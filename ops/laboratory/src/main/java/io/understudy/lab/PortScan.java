package io.understudy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.TreeSet;

/**
 * Tries to connect to the TCP ports of an address: {@code PortScan ADDRESS FIRST LAST}. Prints the
 * ports that answered, whether they took the connection or refused it; silence is what a firewall
 * leaves of the others. A program of its own, for a machine whose network this JVM does not share.
 */
final class PortScan {
  private static final int AT_ONCE = 2_000;
  private static final Duration PATIENCE = Duration.ofMillis(800);

  private final String address;
  private final Selector selector;
  private final TreeSet<Integer> answered = new TreeSet<>();

  private PortScan(String address, Selector selector) {
    this.address = address;
    this.selector = selector;
  }

  public static void main(String[] arguments) {
    try (Selector selector = Selector.open()) {
      PortScan scan = new PortScan(arguments[0], selector);
      int last = Integer.parseInt(arguments[2]);
      for (int first = Integer.parseInt(arguments[1]); first <= last; first += AT_ONCE) {
        scan.scan(first, Math.min(last, first + AT_ONCE - 1));
      }
      scan.answered.forEach(System.out::println);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void scan(int first, int last) throws IOException {
    for (int port = first; port <= last; port++) {
      call(port);
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (long left = PATIENCE.toMillis();
        left > 0 && !selector.keys().isEmpty();
        left = (end - System.nanoTime()) / 1_000_000) {
      selector.select(this::finish, left);
      var _ = selector.selectNow();
    }
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    var _ = selector.selectNow();
  }

  private void call(int port) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    try {
      if (channel.connect(new InetSocketAddress(address, port))) {
        answered.add(port);
        channel.close();
      } else {
        var _ = channel.register(selector, SelectionKey.OP_CONNECT, port);
      }
    } catch (IOException _) {
      answered.add(port);
      channel.close();
    }
  }

  private void finish(SelectionKey key) {
    try (SocketChannel channel = (SocketChannel) key.channel()) {
      answered.add((Integer) key.attachment());
      var _ = channel.finishConnect();
    } catch (IOException _) {
      // Refused, which is an answer too.
    }
  }
}
