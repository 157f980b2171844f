package io.understudy.node.api;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.net.HostAndPort;
import com.google.rpc.Code;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCallStreamObserver;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.loop.LoopPulse;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.Event;
import io.understudy.v1.PeerGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The services behind the endpoint, and what they share: the lane, the operations under way, the
 * event streams, and health. Independent of the transport.
 */
final class ApiServices implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(250);

  private final NodeControl control;
  private final ImmutableMap<GatewayId, HostAndPort> relays;
  private final ApiLane lane = new ApiLane();
  private final Operations operations;
  private final EventStreams events = new EventStreams();
  private final HistoryFeed history;
  private final HealthStatusManager health = new HealthStatusManager();
  private final LoopPulse pulse = new LoopPulse(LoopPulse.SILENCE_MAX_DEFAULT);
  private final NodeControl.Subscription subscription;
  private final AtomicBoolean closed = new AtomicBoolean();

  ApiServices(NodeControl control, Duration operationTimeout) {
    this(control, operationTimeout, ImmutableMap.of());
  }

  /** {@code relays}: where trading clients connect to this node. */
  ApiServices(
      NodeControl control, Duration operationTimeout, ImmutableMap<GatewayId, HostAndPort> relays) {
    this.control = control;
    this.relays = relays;
    this.operations = new Operations(control, lane, ApiServices::monotonic, operationTimeout);
    this.history =
        new HistoryFeed(
            control,
            lane::execute,
            (gateway, lines) -> events.lines(gateway, lines, control.status()));
    reportHealth(control.status());
    this.subscription = control.subscribe(status -> lane.offer(() -> observe(status)));
    lane.every(TICK, this::tick);
  }

  ImmutableList<BindableService> all() {
    return ImmutableList.of(
        new ControlPlaneService(this),
        new DrillsService(this),
        new PeerService(control),
        health.getHealthService(),
        ProtoReflectionServiceV1.newInstance());
  }

  NodeControl control() {
    return control;
  }

  ImmutableMap<GatewayId, HostAndPort> relays() {
    return relays;
  }

  ApiLane lane() {
    return lane;
  }

  Operations operations() {
    return operations;
  }

  /** The picture as of now. Any thread. */
  Cluster picture() {
    return ClusterView.of(control.status(), history.transitions());
  }

  /** On the thread of the call's handler. */
  void watch(ServerCallStreamObserver<Event> observer, Optional<GatewayId> filter) {
    Standing standing = Standing.KEY.get();
    lane.execute(() -> events.add(observer, standing, filter, picture()));
  }

  private void observe(NodeStatus status) {
    operations.observe(status);
    history.observe(status);
    if (events.watched()) {
      events.changed(ClusterView.of(status, history.transitions()));
    }
  }

  /** Makes good what was dropped, and does what time alone asks for. */
  private void tick() {
    events.endRevoked();
    NodeStatus status = control.status();
    observe(status);
    operations.tick();
    history.tick();
    reportHealth(status);
  }

  private void reportHealth(NodeStatus status) {
    ServingStatus serving =
        pulse.beats(status, monotonic()) ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, serving);
    health.setStatus(ControlPlaneGrpc.SERVICE_NAME, serving);
    health.setStatus(DrillsGrpc.SERVICE_NAME, serving);
    health.setStatus(PeerGrpc.SERVICE_NAME, serving);
  }

  private static MonotonicTime monotonic() {
    return new MonotonicTime(System.nanoTime());
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    subscription.close();
    health.enterTerminalState();
    lane.execute(() -> {
      operations.close();
      events.close(
          Refusals.status(
              Code.UNAVAILABLE,
              "NODE_STOPPING",
              "The node stops: watch another one",
              ImmutableMap.of()));
    });
    lane.close();
  }
}
