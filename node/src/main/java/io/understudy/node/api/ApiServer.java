package io.understudy.node.api;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.net.HostAndPort;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.spi.DriverException;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's gRPC endpoint: the operators' service, the nodes' service, health and reflection, all
 * behind mutual TLS.
 *
 * <p>Threads: one event loop for the network; handlers run on virtual threads and only read the
 * published status or enqueue; what follows long operations runs on one thread of its own. Started
 * and closed by the daemon; both from any one thread.
 */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final int MESSAGE_BYTES_MAX = 1 << 20;
  private static final int METADATA_BYTES_MAX = 8 << 10;
  private static final int CALLS_MAX = 256;
  private static final int CALLS_PER_CONNECTION_MAX = 64;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /**
   * Where to listen and how.
   *
   * @param addresses at least one; port 0 picks a free one
   * @param tls this node's certificate, CN=&lt;node&gt;, OU=node, and the only authority whose
   *     client certificates are accepted
   * @param revoked serial numbers of client certificates that count no longer
   * @param operationTimeout how long an operation is followed before its outcome counts as unknown
   * @param relays where trading clients connect to this node
   */
  public record Settings(
      ImmutableList<InetSocketAddress> addresses,
      Reloaded<TlsMaterial> tls,
      Supplier<ImmutableSet<BigInteger>> revoked,
      Duration operationTimeout,
      ImmutableMap<GatewayId, HostAndPort> relays) {
    public static final Duration OPERATION_TIMEOUT_DEFAULT = Duration.ofMinutes(5);

    /** Of a node that does not tell where its relays listen. */
    public Settings(
        ImmutableList<InetSocketAddress> addresses,
        Reloaded<TlsMaterial> tls,
        Supplier<ImmutableSet<BigInteger>> revoked,
        Duration operationTimeout) {
      this(addresses, tls, revoked, operationTimeout, ImmutableMap.of());
    }

    public Settings {
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("api addresses: none (expected: at least one)");
      }
      if (!operationTimeout.isPositive()) {
        throw new IllegalArgumentException(
            "operation timeout: " + operationTimeout + " (expected: > 0s)");
      }
    }
  }

  private final ApiServices services;
  private final Server server;
  private final EventLoopGroup events;
  private final ExecutorService handlers;

  private ApiServer(
      ApiServices services, Server server, EventLoopGroup events, ExecutorService handlers) {
    this.services = services;
    this.server = server;
    this.events = events;
    this.handlers = handlers;
  }

  /** Listens, or throws one clear sentence. */
  public static ApiServer start(Settings settings, NodeControl control) throws DriverException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(settings.addresses().getFirst())
            .sslContext(ServerTls.of(settings.tls()));
    settings.addresses().stream().skip(1).forEach(builder::addListenAddress);
    EventLoopGroup events =
        new NioEventLoopGroup(1, new DefaultThreadFactory("api-events", /* daemon= */ true));
    ExecutorService handlers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("api-call-", 0).factory());
    ApiServices services = new ApiServices(control, settings.operationTimeout(), settings.relays());
    limit(builder)
        .channelType(NioServerSocketChannel.class)
        .bossEventLoopGroup(events)
        .workerEventLoopGroup(events)
        .executor(handlers);
    Server server = assemble(builder, services, new CertificateCallers(settings.revoked())).build();
    ApiServer api = new ApiServer(services, server, events, handlers);
    try {
      server.start();
    } catch (IOException e) {
      api.close();
      throw DriverException.permanentError(
          "The gRPC server cannot listen on %s: %s"
              .formatted(shown(settings.addresses()), reason(e)),
          e);
    }
    LOG.info("Started the gRPC server addresses={}", shown(api.addresses()));
    return api;
  }

  /** The services and interceptors, the same over every transport. */
  static <B extends ServerBuilder<B>> B assemble(
      B builder, ApiServices services, CallerSource callers) {
    for (BindableService service : services.all()) {
      builder.addService(service);
    }
    return builder
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .maxInboundMetadataSize(METADATA_BYTES_MAX)
        // The last one added is asked first.
        .intercept(new RoleInterceptor(callers))
        .intercept(new CallLimitInterceptor(CALLS_MAX))
        .intercept(new BugInterceptor());
  }

  private static NettyServerBuilder limit(NettyServerBuilder builder) {
    return builder
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
        .handshakeTimeout(10, TimeUnit.SECONDS)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(10, TimeUnit.SECONDS)
        .permitKeepAliveTime(10, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(false)
        .maxConnectionIdle(5, TimeUnit.MINUTES);
  }

  /** Where it listens, with the ports that were picked. */
  public ImmutableList<InetSocketAddress> addresses() {
    return server.getListenSockets().stream()
        .map(InetSocketAddress.class::cast)
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Ends the streams with a clear word, then the connections; returns within a few seconds. What
   * was accepted stays accepted.
   */
  @Override
  public void close() {
    services.close();
    server.shutdown();
    try {
      if (!server.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        boolean ended = server.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        LOG.info("Ended the calls that were still open ended={}", ended);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    handlers.shutdown();
    var _ = events.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String shown(Iterable<InetSocketAddress> addresses) {
    return ImmutableList.copyOf(addresses).stream()
        .map(address -> address.getHostString() + ":" + address.getPort())
        .collect(Collectors.joining(", "));
  }

  private static String reason(IOException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() + " (is the port in use, and does the address belong to this host?)";
  }
}
