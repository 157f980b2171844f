package io.understudy.node.driver.wireguard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The socket behind which root's part of the host answers what concerns the tunnels: the daemon has
 * no rights over the network. One connection for each question, which is one line; the answer ends
 * with the connection.
 */
public record TunnelSocket(Path path) implements WireGuardTables {
  /** A probe of a peer waits for the tables, so that they must not take long. */
  private static final Duration PATIENCE_FOR_TABLES = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int ANSWER_MAX = 1 << 20;
  private static final String ERROR = "error: ";

  @Override
  public String shown(String table) throws IOException {
    return ask(table, PATIENCE_FOR_TABLES);
  }

  /**
   * Asks and waits for the whole answer, for 5 s at most.
   *
   * @param line for example {@code cut 45}
   * @return the answer as it came
   * @throws IOException when nobody answers in time, or the answer says why not
   */
  public String ask(String line) throws IOException {
    return ask(line, PATIENCE);
  }

  private String ask(String line, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    try (Selector selector = Selector.open();
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ);
      String answer = answer(selector, channel, deadline);
      if (answer.startsWith(ERROR)) {
        throw new IOException(path + ": " + answer.substring(ERROR.length()).strip());
      }
      return answer;
    }
  }

  private String answer(Selector selector, SocketChannel channel, long deadline)
      throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(8_192);
    while (true) {
      long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (left <= 0 || answer.size() > ANSWER_MAX) {
        throw new IOException(path + ": no whole answer came in time");
      }
      selector.select(left);
      selector.selectedKeys().clear();
      int read = channel.read(buffer.clear());
      if (read < 0) {
        return answer.toString(StandardCharsets.UTF_8);
      }
      answer.write(buffer.array(), 0, read);
    }
  }
}
