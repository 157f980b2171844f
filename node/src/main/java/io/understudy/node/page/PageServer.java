package io.understudy.node.page;

import com.google.common.collect.ImmutableSet;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.understudy.node.api.CertificateCallers;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the status page over HTTPS.
 *
 * <p>The JDK's own server is not used: its limits are the whole process's, and the one on the time
 * of an answer, which the health endpoints need, would cut every stream of events.
 *
 * <p>Threads: one event loop for the network, one lane for the feed; neither waits for anything.
 * Started and closed by the daemon.
 */
public final class PageServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
  private static final int BACKLOG = 32;
  private static final int LINE_BYTES_MAX = 2 << 10;
  private static final int HEADER_BYTES_MAX = 8 << 10;
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int IDLE_MAX_SECONDS = 30;
  private static final int CLOSE_MAX_MILLIS = 2_000;
  private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(32 << 10, 64 << 10);

  /**
   * Where to listen and whom to let look.
   *
   * @param address port 0 picks a free one
   * @param tls the API's own material
   * @param revoked serial numbers of client certificates that count no longer
   * @param token of viewers; empty while there is none
   */
  public record Settings(
      InetSocketAddress address,
      Reloaded<TlsMaterial> tls,
      Supplier<ImmutableSet<BigInteger>> revoked,
      Supplier<Optional<Secret>> token) {}

  private final EventLoopGroup events =
      new NioEventLoopGroup(1, new DefaultThreadFactory("page-events", /* daemon= */ true));
  private final PageFeed feed;
  private final Channel channel;

  private PageServer(Settings settings, PageTls tls, NodeControl control) throws DriverException {
    ViewerToken token = new ViewerToken(settings.token());
    InstantSource clock = InstantSource.system();
    Admission admission =
        new Admission(
            new CertificateCallers(settings.revoked()),
            token,
            new WrongTokens(System::nanoTime),
            clock);
    Connections connections = new Connections();
    feed = new PageFeed(control);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(events)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel accepted) {
                    if (connections.take(accepted)) {
                      SslHandler ssl = tls.handler(accepted.alloc());
                      PageHandler pages =
                          new PageHandler(ssl.engine()::getSession, admission, token, clock, feed);
                      accepted
                          .pipeline()
                          .addLast(ssl)
                          .addLast(new HttpServerCodec(LINE_BYTES_MAX, HEADER_BYTES_MAX, 8 << 10))
                          .addLast(new HttpObjectAggregator(BODY_BYTES_MAX))
                          .addLast(PageHandler.IDLE, new IdleStateHandler(0, 0, IDLE_MAX_SECONDS))
                          .addLast(pages);
                    }
                  }
                });
    ChannelFuture bound = bootstrap.bind(settings.address()).awaitUninterruptibly();
    channel = bound.channel();
    if (!bound.isSuccess()) {
      close();
      throw DriverException.permanentError(
          "The status page cannot listen on %s:%d: %s (is the port in use, and does the address"
                  .formatted(
                      settings.address().getHostString(),
                      settings.address().getPort(),
                      bound.cause().getMessage())
              + " belong to this host?)",
          bound.cause());
    }
  }

  /** Listens, or throws one clear sentence. */
  public static PageServer start(Settings settings, NodeControl control) throws DriverException {
    PageServer page = new PageServer(settings, PageTls.of(settings.tls()), control);
    LOG.info(
        "Started the status page address=https://{}:{}",
        page.address().getHostString(),
        page.address().getPort());
    return page;
  }

  /** Where it listens, with the port that was picked. */
  public InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  /** Ends all connections; returns within a few seconds. */
  @Override
  public void close() {
    feed.close();
    var _ = channel.close().awaitUninterruptibly(CLOSE_MAX_MILLIS);
    var _ =
        events
            .shutdownGracefully(0, CLOSE_MAX_MILLIS, TimeUnit.MILLISECONDS)
            .awaitUninterruptibly(CLOSE_MAX_MILLIS);
  }
}
