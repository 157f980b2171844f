package io.understudy.node.driver.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One direction of a connection: reads from its own channel, writes to the other. The next read is
 * asked for when the former bytes were handed to the socket, so that a slow receiver slows the
 * sender down and at most one buffer a direction is held. Event loop only.
 */
final class Forwarding extends ChannelInboundHandlerAdapter {
  private final Connection connection;
  private final Channel own;
  private final Channel other;
  private final AtomicLong bytes;
  private int writing;
  private boolean inputEnded;

  Forwarding(Connection connection, Channel own, Channel other, AtomicLong bytes) {
    this.connection = connection;
    this.own = own;
    this.other = other;
    this.bytes = bytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    int length = buffer.readableBytes();
    if (!connection.permitted()) {
      buffer.release();
      connection.reset();
      return;
    }
    writing++;
    other.writeAndFlush(buffer).addListener((ChannelFuture written) -> written(written, length));
  }

  private void written(ChannelFuture written, int length) {
    writing--;
    if (!written.isSuccess()) {
      connection.reset();
      return;
    }
    bytes.addAndGet(length);
    if (inputEnded) {
      passOnTheEnd();
    } else {
      own.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      passOnTheEnd();
    }
  }

  /** The sender has finished: so does the other side's output, once everything is written. */
  private void passOnTheEnd() {
    if (writing == 0) {
      ((SocketChannel) other)
          .shutdownOutput()
          .addListener(ended -> {
            if (ended.isSuccess()) {
              connection.directionEnded();
            } else {
              connection.reset();
            }
          });
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // A connection that broke: nothing to tell, the other side is told by a reset.
    connection.reset();
  }
}
