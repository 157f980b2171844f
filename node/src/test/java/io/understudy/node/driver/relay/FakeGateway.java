package io.understudy.node.driver.relay;

import com.google.common.net.HostAndPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Accepts connections in the gateway's place and hands them to the test. */
final class FakeGateway implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 10;

  private final ServerSocket server;
  private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();
  private final Thread thread;

  FakeGateway() throws IOException {
    server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
    thread = Thread.ofPlatform().daemon().name("fake-gateway").start(this::acceptAll);
  }

  HostAndPort address() {
    return HostAndPort.fromParts("127.0.0.1", server.getLocalPort());
  }

  Socket nextConnection() throws InterruptedException, IOException {
    Socket socket = accepted.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (socket == null) {
      throw new AssertionError("the relay did not connect");
    }
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
    return socket;
  }

  /** Closes the connections that the test has not asked for. */
  void closeAccepted() {
    try {
      for (Socket socket = accepted.poll(); socket != null; socket = accepted.poll()) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        accepted.add(server.accept());
      }
    } catch (IOException e) {
      // Closed: the end of the test.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    closeAccepted();
    thread.interrupt();
  }
}
