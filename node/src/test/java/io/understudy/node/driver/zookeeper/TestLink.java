package io.understudy.node.driver.zookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP forwarder on loopback between one client and a server, which can be cut or lose answers.
 */
final class TestLink implements AutoCloseable {
  private enum Mode {
    OPEN,
    CUT,
    LOSING_ANSWERS
  }

  private final ServerSocket listening;
  private final int serverPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Mode mode = Mode.OPEN;

  TestLink(int serverPort) {
    this.serverPort = serverPort;
    try {
      this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  void cut() {
    mode = Mode.CUT;
    closeSockets();
  }

  void loseAnswers() {
    mode = Mode.LOSING_ANSWERS;
  }

  /** Existing connections, which may have lost bytes, are closed. */
  void restore() {
    closeSockets();
    mode = Mode.OPEN;
  }

  @Override
  public void close() {
    mode = Mode.CUT;
    closeQuietly(listening);
    closeSockets();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        forward(listening.accept());
      } catch (IOException _) {
        // Closed, or the server is away: the client tries again.
      }
    }
  }

  private void forward(Socket client) throws IOException {
    sockets.add(client);
    if (mode != Mode.OPEN) {
      client.close();
      return;
    }
    Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
    sockets.add(server);
    Thread.ofVirtual().start(() -> copy(client, server, false));
    Thread.ofVirtual().start(() -> copy(server, client, true));
  }

  private void copy(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      int read = from.getInputStream().read(buffer);
      while (read >= 0) {
        if (!answers || mode != Mode.LOSING_ANSWERS) {
          to.getOutputStream().write(buffer, 0, read);
        }
        read = from.getInputStream().read(buffer);
      }
    } catch (IOException _) {
      // One side went away; both are closed.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void closeSockets() {
    sockets.forEach(TestLink::closeQuietly);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception _) {
      // Nothing more can be done with it.
    }
  }
}
