package io.understudy.node.driver.relay;

import com.google.common.net.HostAndPort;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.LeaseGuard;
import io.understudy.node.spi.TradingRelay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Makes relays, which all share one event loop thread. Close it after the relays. */
public final class NettyRelays implements AutoCloseable {
  private static final Duration END_MAX = Duration.ofSeconds(2);

  private final NioEventLoopGroup group =
      new NioEventLoopGroup(1, new DefaultThreadFactory("relay", true));
  private final LeaseGuard guard;

  public NettyRelays(LeaseGuard guard) {
    this.guard = guard;
  }

  /**
   * A relay, shut.
   *
   * @param listen where trading clients connect to
   * @param target where the gateway's API listens
   */
  public TradingRelay relay(
      GatewayId gateway, HostAndPort listen, HostAndPort target, int connectionsMax) {
    return relay(gateway, listen, target, Limits.of(connectionsMax));
  }

  NettyRelay relay(GatewayId gateway, HostAndPort listen, HostAndPort target, Limits limits) {
    return new NettyRelay(
        gateway, listen, target, limits, guard, (SingleThreadEventLoop) group.next());
  }

  @Override
  public void close() {
    group
        .shutdownGracefully(0, END_MAX.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(END_MAX.toMillis());
  }
}
