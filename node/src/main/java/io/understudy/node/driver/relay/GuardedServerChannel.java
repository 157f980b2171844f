package io.understudy.node.driver.relay;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Listens for one gate: its connections are {@link GuardedSocketChannel}s of that gate. */
final class GuardedServerChannel extends NioServerSocketChannel {
  private final Gate gate;

  GuardedServerChannel(Gate gate) {
    this.gate = gate;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws IOException {
    SocketChannel socket = javaChannel().accept();
    if (socket == null) {
      return 0;
    }
    accepted.add(new GuardedSocketChannel(this, socket, gate));
    return 1;
  }
}
