package io.understudy.node.driver.peer;

import com.google.common.base.Ascii;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Ints;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.PeerClient;
import io.understudy.node.tls.Reloaded;
import io.understudy.node.tls.TlsMaterial;
import io.understudy.v1.PeerGrpc;
import io.understudy.v1.ProbeRequest;
import io.understudy.v1.RelinquishRequest;
import io.understudy.v1.RelinquishResponse;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls peers as the role node. The peer's certificate must carry the id of the node that is asked
 * for as a DNS name: a call that reaches another machine of the cluster by a wrong address fails in
 * the handshake.
 *
 * <p>Each call to relinquish has a connection of its own. Such calls are rare, one per takeover,
 * and a kept channel has a memory that hurts exactly then: after a failure it refuses calls until
 * its back-off is over, and to a peer that was restarted it may hold a connection that is dead.
 * Probes keep theirs, see {@link ProbedPeers}. Nothing survives a restart.
 */
public final class GrpcPeerClient implements PeerClient {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcPeerClient.class);
  private static final int MESSAGE_BYTES_MAX = 1 << 20;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final NodeId self;
  private final RevokedServers revoked;
  private volatile SslContext tls;
  private final EventLoopGroup events =
      new NioEventLoopGroup(1, new DefaultThreadFactory("peer-events", /* daemon= */ true));

  /** Of the calls under way. */
  private final Set<ManagedChannel> channels = ConcurrentHashMap.newKeySet();

  private final ProbedPeers probed;
  private volatile boolean closed;

  private GrpcPeerClient(NodeId self, SslContext tls, RevokedServers revoked) {
    this.self = self;
    this.tls = tls;
    this.revoked = revoked;
    probed =
        new ProbedPeers(
            self,
            new ProbedPeers.Connecting() {
              @Override
              public ManagedChannel connect(NodeId node, String address, Duration timeout)
                  throws DriverException {
                return GrpcPeerClient.this.connect(node, address, timeout);
              }

              @Override
              public void end(ManagedChannel channel) {
                GrpcPeerClient.this.end(channel);
              }
            });
  }

  /**
   * With the certificate CN=&lt;self&gt;, OU=node; each call uses the material in effect. Connects
   * to nobody yet.
   *
   * @param revoked serial numbers of certificates that count no longer
   */
  public static GrpcPeerClient create(
      NodeId self, Reloaded<TlsMaterial> material, Supplier<ImmutableSet<BigInteger>> revoked)
      throws DriverException {
    GrpcPeerClient client =
        new GrpcPeerClient(self, context(material.current()), new RevokedServers(revoked));
    material.follow(client::renew);
    return client;
  }

  private void renew(TlsMaterial material) throws DriverException {
    tls = context(material);
    probed.startOver();
  }

  private static SslContext context(TlsMaterial material) throws DriverException {
    try {
      return GrpcSslContexts.configure(
              SslContextBuilder.forClient()
                  .keyManager(material.key(), material.chain().toArray(new X509Certificate[0]))
                  .trustManager(material.authorities().toArray(new X509Certificate[0])),
              SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw DriverException.permanentError(
          "Peers cannot be called with the " + material + ": issue one with an EC or RSA key", e);
    }
  }

  @Override
  public void relinquish(
      NodeId node, String address, GatewayId gateway, Epoch epoch, Duration timeout)
      throws DriverException {
    RelinquishRequest request =
        RelinquishRequest.newBuilder()
            .setNode(self.value())
            .setGateway(gateway.value())
            .setEpoch(epoch.number())
            .build();
    ManagedChannel channel = connect(node, address, timeout);
    try {
      RelinquishResponse response =
          PeerGrpc.newBlockingStub(channel)
              .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
              .relinquish(request);
      if (!response.getNode().equals(node.value())) {
        throw DriverException.permanentError(
            "At %s node '%s' answered instead of node '%s': correct the address"
                .formatted(address, Ascii.truncate(response.getNode(), 40, "..."), node));
      }
      if (response.getFormerEpoch() > epoch.number()) {
        throw DriverException.permanentError(
            "Node %s acted for %s under epoch %d, after epoch %s"
                .formatted(node, gateway, response.getFormerEpoch(), epoch));
      }
    } catch (StatusRuntimeException e) {
      throw failure(node, address, "confirm", e);
    } finally {
      end(channel);
    }
  }

  @Override
  public PeerAnswer probe(NodeId node, String address, Duration timeout) throws DriverException {
    try {
      return probed.probe(node, address, timeout);
    } catch (StatusRuntimeException e) {
      throw failure(node, address, "answer", e);
    }
  }

  /**
   * Calls this node's own endpoint once, so that what a first call loads is loaded before the one
   * call that a takeover waits for. Whether it succeeds does not matter.
   */
  public void warmUp(String ownAddress, Duration timeout) {
    try {
      ManagedChannel channel = connect(self, ownAddress, timeout);
      try {
        var _ =
            PeerGrpc.newBlockingStub(channel)
                .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .probe(ProbeRequest.newBuilder().setNode(self.value()).build());
      } finally {
        end(channel);
      }
    } catch (DriverException | StatusRuntimeException e) {
      LOG.debug("Failed to warm up the peer client address={}", ownAddress, e);
    }
  }

  private static DriverException failure(
      NodeId node, String address, String deed, StatusRuntimeException e) {
    Status status = e.getStatus();
    String said = status.getDescription() == null ? "no details" : status.getDescription();
    return switch (status.getCode()) {
      case DEADLINE_EXCEEDED ->
          DriverException.transientError(
              "Node %s at %s did not %s in time".formatted(node, address, deed), e);
      case FAILED_PRECONDITION,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          INVALID_ARGUMENT,
          NOT_FOUND,
          UNIMPLEMENTED ->
          DriverException.permanentError(
              "Node %s at %s refused: %s".formatted(node, address, said), e);
      case UNAVAILABLE ->
          DriverException.transientError(
              "Node %s at %s cannot be reached: %s".formatted(node, address, rootCause(e, said)),
              e);
      case OK,
          CANCELLED,
          UNKNOWN,
          ALREADY_EXISTS,
          RESOURCE_EXHAUSTED,
          ABORTED,
          OUT_OF_RANGE,
          INTERNAL,
          DATA_LOSS ->
          DriverException.transientError(
              "Node %s at %s failed: %s".formatted(node, address, said), e);
    };
  }

  private static String rootCause(StatusRuntimeException error, String otherwise) {
    String message = Throwables.getRootCause(error).getMessage();
    return error.getCause() == null || message == null ? otherwise : message;
  }

  private ManagedChannel connect(NodeId node, String address, Duration timeout)
      throws DriverException {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget("dns:///" + address)
            .overrideAuthority(node.value())
            .sslContext(tls)
            .eventLoopGroup(events)
            .channelType(NioSocketChannel.class)
            .withOption(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Ints.saturatedCast(Math.max(1, timeout.toMillis())))
            .intercept(revoked)
            .executor(onVirtualThreads())
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .disableRetry()
            .build();
    channels.add(channel);
    if (closed) {
      end(channel);
      throw DriverException.permanentError("The peer client is closed");
    }
    return channel;
  }

  private void end(ManagedChannel channel) {
    channels.remove(channel);
    var _ = channel.shutdownNow();
  }

  private static Executor onVirtualThreads() {
    return task -> Thread.ofVirtual().name("peer-call").start(task);
  }

  /** Calls under way fail at once, later ones too. */
  @Override
  public void close() {
    closed = true;
    channels.forEach(ManagedChannel::shutdownNow);
    var _ = events.shutdownGracefully(0, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }
}
