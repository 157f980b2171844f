package io.understudy.node.driver.relay;

import com.google.common.net.HostAndPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.LeaseGuard;
import io.understudy.node.spi.TradingRelay;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP forwarder that passes bytes only while its gate permits.
 *
 * <p>The lease is asked at three places: before bytes that were read are passed on, before each
 * write to a socket ({@link GuardedSocketChannel}), and by a timer, so that a connection without
 * traffic dies too. The first "no" resets every connection and closes the port.
 *
 * <p>Threads: all state but the counters belongs to the event loop. The public methods hand a task
 * to it and wait for its end. Shutting waits for more: the JDK keeps a closed channel's socket open
 * until the selector has run once more, and so long the kernel goes on sending what it has, and the
 * port stays taken. Only after that selection is it true that no byte can pass. A shutting at any
 * moment, also from another thread, beats an opening that is under way.
 */
final class NettyRelay implements TradingRelay {
  private static final Logger log = LoggerFactory.getLogger(NettyRelay.class);
  private static final Duration LOOP_ANSWER_MAX = Duration.ofSeconds(5);
  private static final int CONNECT_MILLIS_MAX = 3_000;
  private static final int ACCEPT_BACKLOG = 128;

  private final GatewayId gateway;
  private final HostAndPort listen;
  private final HostAndPort target;
  private final Limits limits;
  private final LeaseGuard guard;
  private final SingleThreadEventLoop loop;

  private final AtomicLong shuts = new AtomicLong();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong bytesToGateway = new AtomicLong();
  private final AtomicLong bytesToClients = new AtomicLong();
  private volatile int openConnections;
  private volatile @Nullable Opening opening;

  NettyRelay(
      GatewayId gateway,
      HostAndPort listen,
      HostAndPort target,
      Limits limits,
      LeaseGuard guard,
      SingleThreadEventLoop loop) {
    this.gateway = gateway;
    this.listen = listen;
    this.target = target;
    this.limits = limits;
    this.guard = guard;
    this.loop = loop;
  }

  /** What exists only while the relay is open. Event loop only, but for the gate. */
  private static final class Opening {
    final Gate gate;
    final Channel server;
    final Set<Connection> connections = new LinkedHashSet<>();
    @Nullable Future<?> timer;
    boolean refusalLogged;

    Opening(Gate gate, Channel server) {
      this.gate = gate;
      this.server = server;
    }
  }

  @Override
  public void open(Epoch epoch) throws DriverException {
    Opening before = opening;
    if (before != null && before.gate.epoch().equals(epoch) && before.gate.permits()) {
      return;
    }
    shut();
    long shutsSeen = shuts.get();
    Gate gate = new Gate(gateway, epoch, guard);
    if (!gate.permits()) {
      throw DriverException.transientError(
          "Relay of gateway " + gateway + ": no lease for epoch " + epoch + ", so it stays shut");
    }
    ChannelFuture bound = server(gate).bind(resolved(listen));
    if (!bound.awaitUninterruptibly(LOOP_ANSWER_MAX.toMillis()) || !bound.isSuccess()) {
      gate.close();
      bound.channel().close().awaitUninterruptibly(LOOP_ANSWER_MAX.toMillis());
      throw DriverException.transientError(bindSentence(bound.cause()), bound.cause());
    }
    Promise<Boolean> begun = loop.newPromise();
    loop.execute(() -> begun.setSuccess(begin(new Opening(gate, bound.channel()), shutsSeen)));
    await(begun);
    if (!begun.getNow()) {
      throw DriverException.transientError(
          "Relay of gateway " + gateway + ": shut while it opened, so it stays shut");
    }
  }

  @Override
  public void shut() {
    shuts.incrementAndGet();
    Opening before = opening;
    if (before != null) {
      before.gate.close();
    }
    Promise<Boolean> done = loop.newPromise();
    try {
      loop.execute(() -> {
        endCurrent();
        afterNextSelection(() -> done.setSuccess(true));
      });
    } catch (RejectedExecutionException e) {
      // The event loop is ending: it closes every channel by itself.
      await(loop.terminationFuture());
      return;
    }
    await(done);
  }

  @Override
  public Traffic traffic() {
    return new Traffic(accepted.get(), bytesToGateway.get(), bytesToClients.get(), openConnections);
  }

  @Override
  public void close() {
    shut();
  }

  // ---- on the event loop

  /** Starts to accept, unless somebody has shut the relay since {@link #open} was called. */
  private boolean begin(Opening next, long shutsSeen) {
    if (shuts.get() != shutsSeen) {
      end(next);
      return false;
    }
    opening = next;
    next.timer =
        loop.scheduleAtFixedRate(
            () -> check(next),
            limits.checkInterval().toMillis(),
            limits.checkInterval().toMillis(),
            TimeUnit.MILLISECONDS);
    next.server.config().setAutoRead(true);
    return true;
  }

  private void endCurrent() {
    Opening current = opening;
    if (current != null) {
      end(current);
    }
  }

  private void check(Opening current) {
    if (!current.gate.permits()) {
      log.warn(
          "Shut the relay by itself gateway={} epoch={} reason=LeaseEnded",
          gateway,
          current.gate.epoch());
      end(current);
    }
  }

  /** Closes everything of an opening. */
  private void end(Opening current) {
    current.gate.close();
    if (current.timer != null) {
      current.timer.cancel(false);
    }
    Connection.close(current.server);
    new ArrayList<>(current.connections).forEach(Connection::reset);
    if (opening == current) {
      opening = null;
    }
  }

  /**
   * An iteration of the loop selects, handles what is ready, runs tasks, then tail tasks. A task
   * that a tail task hands in is thus run after a selection.
   */
  private void afterNextSelection(Runnable task) {
    loop.executeAfterEventLoopIteration(() -> loop.execute(task));
  }

  private void accept(Channel client, Gate gate) {
    Opening current = opening;
    if (current == null || current.gate != gate || !gate.permits()) {
      Connection.close(client);
      return;
    }
    if (current.connections.size() >= limits.connectionsMax()) {
      if (!current.refusalLogged) {
        current.refusalLogged = true;
        log.warn(
            "Refused a trading client gateway={} epoch={} reason=ConnectionsMax max={}",
            gateway,
            gate.epoch(),
            limits.connectionsMax());
      }
      Connection.close(client);
      return;
    }
    accepted.incrementAndGet();
    Connection connection = new Connection(gate, client, limits, ended -> forget(current, ended));
    current.connections.add(connection);
    openConnections = current.connections.size();
    connect(connection, client, gate);
  }

  private void forget(Opening current, Connection ended) {
    current.connections.remove(ended);
    openConnections = current.connections.size();
  }

  private void connect(Connection connection, Channel client, Gate gate) {
    InetSocketAddress address = new InetSocketAddress(target.getHost(), target.getPort());
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> new GuardedSocketChannel(gate))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(address);
    Channel upstream = connecting.channel();
    connection.leadsTo(upstream);
    connecting.addListener((ChannelFuture connected) -> {
      if (!connected.isSuccess() || !gate.permits()) {
        connection.reset();
        return;
      }
      upstream.pipeline().addLast(new Forwarding(connection, upstream, client, bytesToClients));
      client.pipeline().addLast(new Forwarding(connection, client, upstream, bytesToGateway));
      upstream.read();
      client.read();
    });
  }

  // ---- set-up

  private ServerBootstrap server(Gate gate) {
    return new ServerBootstrap()
        .group(loop)
        .channelFactory(() -> new GuardedServerChannel(gate))
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
        // Nobody is accepted before the opening is complete.
        .option(ChannelOption.AUTO_READ, false)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel client) {
                accept(client, gate);
              }
            });
  }

  private static InetSocketAddress resolved(HostAndPort address) throws DriverException {
    InetSocketAddress socketAddress = new InetSocketAddress(address.getHost(), address.getPort());
    if (socketAddress.isUnresolved()) {
      throw DriverException.transientError(
          "Relay: host " + address.getHost() + " is unknown (check relay.listen)");
    }
    return socketAddress;
  }

  private String bindSentence(@Nullable Throwable cause) {
    String where = "Relay of gateway " + gateway + ": port " + listen.getPort();
    String message = cause == null ? "" : String.valueOf(cause.getMessage());
    if (cause instanceof BindException && message.contains("in use")) {
      return where + " is in use by another program (stop it, or change relay.listen)";
    }
    if (cause instanceof BindException && message.contains("assign")) {
      return where
          + ": "
          + listen.getHost()
          + " is no address of this machine (check relay.listen)";
    }
    return where + " on " + listen.getHost() + " cannot be opened (check relay.listen)";
  }

  private void await(Future<?> done) {
    if (!done.awaitUninterruptibly(LOOP_ANSWER_MAX.toMillis()) || !done.isSuccess()) {
      throw new IllegalStateException(
          "relay of gateway " + gateway + ": its event loop did not answer", done.cause());
    }
  }
}
