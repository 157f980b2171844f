package io.understudy.node.api;

import com.google.common.collect.ImmutableMap;
import com.google.rpc.Code;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.ShownMessages;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.GatewaySight;
import io.understudy.v1.PeerGrpc;
import io.understudy.v1.ProbeRequest;
import io.understudy.v1.ProbeResponse;
import io.understudy.v1.RelinquishRequest;
import io.understudy.v1.RelinquishResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The nodes' service for each other. A node may speak only for itself. */
final class PeerService extends PeerGrpc.PeerImplBase {
  private static final Duration RELINQUISH_MAX = Duration.ofSeconds(30);

  private final NodeControl control;
  private final InstantSource clock = InstantSource.system();

  PeerService(NodeControl control) {
    this.control = control;
  }

  @Override
  public void probe(ProbeRequest request, StreamObserver<ProbeResponse> observer) {
    Instant receivedAt = clock.instant();
    if (!speaksForItself(request.getNode(), observer)) {
      return;
    }
    NodeStatus status = control.status();
    ProbeResponse.Builder response =
        ProbeResponse.newBuilder()
            .setNode(status.self().node().value())
            .setReceivedAt(WireTimes.timestamp(receivedAt))
            .setVersion(status.self().version())
            .setInstance(status.self().instance().value())
            .setConnected(status.connected());
    status.self().leaseRemaining().map(WireTimes::duration).ifPresent(response::setLeaseRemaining);
    status
        .self()
        .cells()
        .forEach(cell -> response.addCells(ShownMessages.cell(status.self().node(), cell)));
    GatewayView.gateways(status)
        .forEach(gateway -> response.addGateways(sight(status, GatewayView.of(status, gateway))));
    observer.onNext(response.setAnsweredAt(WireTimes.timestamp(clock.instant())).build());
    observer.onCompleted();
  }

  private static GatewaySight sight(NodeStatus status, GatewayView view) {
    GatewaySight.Builder sight = GatewaySight.newBuilder().setGateway(view.gateway().value());
    view.elected().map(NodeId::value).ifPresent(sight::setLeader);
    view.records()
        .flatMap(records -> records.claim().value())
        .map(claim -> claim.epoch().number())
        .ifPresent(sight::setEpoch);
    status
        .self()
        .cell(view.gateway())
        .filter(cell -> cell.phase().entitled())
        .map(cell -> cell.epoch().number())
        .ifPresent(sight::setActsUnder);
    return sight.build();
  }

  @Override
  public void relinquish(RelinquishRequest request, StreamObserver<RelinquishResponse> observer) {
    if (!speaksForItself(request.getNode(), observer)) {
      return;
    }
    try {
      NodeStatus status = control.status();
      Requests requests = new Requests(GatewayView.gateways(status));
      NodeId from = Requests.node("node", request.getNode());
      GatewayId gateway = requests.gateway(request.getGateway());
      Epoch epoch = Requests.epoch("epoch", request.getEpoch());
      var _ =
          control
              .relinquish(from, gateway, epoch)
              .orTimeout(patience().toMillis(), TimeUnit.MILLISECONDS)
              .whenComplete(
                  (former, error) -> answer(status.self().node().value(), former, error, observer));
    } catch (RefusedException e) {
      observer.onError(Refusals.status(e.rejection()));
    }
  }

  /** As long as the caller waits, and never for ever. */
  private static Duration patience() {
    Deadline deadline = Context.current().getDeadline();
    Duration asked =
        deadline == null
            ? RELINQUISH_MAX
            : Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
    return asked.compareTo(RELINQUISH_MAX) < 0 ? asked : RELINQUISH_MAX;
  }

  private static void answer(
      String self,
      @Nullable Epoch former,
      @Nullable Throwable error,
      StreamObserver<RelinquishResponse> observer) {
    if (former != null) {
      observer.onNext(
          RelinquishResponse.newBuilder().setNode(self).setFormerEpoch(former.number()).build());
      observer.onCompleted();
    } else {
      observer.onError(refusal(error));
    }
  }

  private static StatusRuntimeException refusal(@Nullable Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    return switch (cause) {
      case DriverException e -> notRelinquished(e);
      case TimeoutException _ ->
          Refusals.status(
              new Rejection.OutcomeUnknown("The gateway was not confirmed stopped in time"));
      case null ->
          Refusals.status(new Rejection.OutcomeUnknown("The node stopped before it confirmed"));
      default -> BugInterceptor.report(PeerGrpc.SERVICE_NAME + "/Relinquish", cause);
    };
  }

  private static StatusRuntimeException notRelinquished(DriverException e) {
    String sentence = e.getMessage() == null ? "The node does not relinquish" : e.getMessage();
    return switch (e.kind()) {
      case PERMANENT ->
          Refusals.status(Code.FAILED_PRECONDITION, "STALE_EPOCH", sentence, ImmutableMap.of());
      case TRANSIENT ->
          Refusals.status(Code.UNAVAILABLE, "NOT_CONFIRMED", sentence, ImmutableMap.of());
    };
  }

  private static boolean speaksForItself(String node, StreamObserver<?> observer) {
    Caller caller = Caller.current();
    if (caller.name().equals(node)) {
      return true;
    }
    observer.onError(
        Refusals.status(
            Code.PERMISSION_DENIED,
            "PERMISSION_DENIED",
            "The request speaks for node '%s' and the certificate is that of '%s': a node speaks for itself"
                .formatted(node, caller.name()),
            ImmutableMap.of()));
    return false;
  }
}
