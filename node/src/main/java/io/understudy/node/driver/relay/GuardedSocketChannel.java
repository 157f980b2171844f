package io.understudy.node.driver.relay;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/**
 * A connection that asks its gate before each write to the socket. A check in a handler is not
 * enough: what a slow receiver left in Netty's buffer is written later, without a handler, and so
 * might be the first thing that a thawed process does. The exception makes Netty close the
 * connection.
 */
final class GuardedSocketChannel extends NioSocketChannel {
  // One read is one buffer of at most 16 KiB, passed on before the next: what all connections
  // together can hold is bounded by their number. Unpooled, because a pool would keep megabytes.
  private static final UnpooledByteBufAllocator ALLOCATOR =
      new UnpooledByteBufAllocator(true, true);
  private static final int READ_BYTES_MIN = 512;
  private static final int READ_BYTES_INITIAL = 2_048;
  private static final int READ_BYTES_MAX = 16_384;

  private final Gate gate;

  /** Towards the gateway. */
  GuardedSocketChannel(Gate gate) {
    this.gate = gate;
    configure();
  }

  /** From a client. */
  GuardedSocketChannel(GuardedServerChannel parent, SocketChannel socket, Gate gate) {
    super(parent, socket);
    this.gate = gate;
    configure();
  }

  private void configure() {
    RecvByteBufAllocator reads =
        new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_INITIAL, READ_BYTES_MAX)
            .maxMessagesPerRead(1);
    config()
        .setSoLinger(0) // Closing is a reset, unless both sides have finished.
        .setTcpNoDelay(true)
        .setKeepAlive(true)
        .setAllowHalfClosure(true)
        .setAllocator(ALLOCATOR)
        .setRecvByteBufAllocator(reads)
        .setAutoRead(false)
        .setWriteSpinCount(1); // One write to the socket for each question to the gate.
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer pending) throws Exception {
    if (!pending.isEmpty() && !gate.permits()) {
      throw new IOException("the trading gate is shut");
    }
    super.doWrite(pending);
  }
}
