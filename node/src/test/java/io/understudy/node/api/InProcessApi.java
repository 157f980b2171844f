package io.understudy.node.api;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.understudy.node.api.CallerSource.Identification;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.testing.ClusterScript;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The services and interceptors of the server over the in-process transport. Who calls is told by
 * the channel's authority, {@code role.name}, as certificates are not there.
 */
public final class InProcessApi implements AutoCloseable {
  private final String name = UUID.randomUUID().toString();
  private final ApiServices services;
  private final Server server;
  private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();

  public InProcessApi(NodeControl control) {
    this(control, Duration.ofSeconds(30));
  }

  InProcessApi(NodeControl control, Duration operationTimeout) {
    services =
        new ApiServices(
            control,
            operationTimeout,
            ImmutableMap.of(ClusterScript.LIVE, HostAndPort.fromParts("10.0.0.1", 4001)));
    server =
        ApiServer.assemble(
                InProcessServerBuilder.forName(name), services, InProcessApi::callerInAuthority)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Channel as(CallerRole role, String caller) {
    return channel(role.wireName() + "." + caller);
  }

  /** A channel of an operator. */
  public Channel operator() {
    return as(CallerRole.OPERATOR, "olga");
  }

  /** A channel whose caller is told in these words. */
  Channel channel(String authority) {
    ManagedChannel channel =
        InProcessChannelBuilder.forName(name).overrideAuthority(authority).build();
    channels.add(channel);
    return channel;
  }

  Server server() {
    return server;
  }

  /** As when the node stops. */
  void stopServices() {
    services.close();
  }

  private static Identification callerInAuthority(ServerCall<?, ?> call) {
    String authority = call.getAuthority() == null ? "" : call.getAuthority();
    List<String> words = Splitter.on('.').limit(2).splitToList(authority);
    return CallerRole.named(words.getFirst())
        .<Identification>map(role -> new Identification.Known(new Caller(words.getLast(), role)))
        .orElseGet(() -> new Identification.Unknown("no role in '" + authority + "'"));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    services.close();
    server.shutdownNow();
  }
}
