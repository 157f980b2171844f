package io.understudy.node.api;

import com.google.common.collect.ImmutableList;
import com.google.common.net.HostAndPort;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.DrillMessages;
import io.understudy.v1.AbortDrillRequest;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.GetRelayRequest;
import io.understudy.v1.GetRelayResponse;
import io.understudy.v1.ListDrillsRequest;
import io.understudy.v1.ListDrillsResponse;
import io.understudy.v1.MeasureDrillRequest;
import io.understudy.v1.PreflightRequest;
import io.understudy.v1.PreflightResponse;
import io.understudy.v1.Progress;
import io.understudy.v1.StartDrillRequest;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Practised failovers. Checks, hands over, and returns, as the operators' service does. */
final class DrillsService extends DrillsGrpc.DrillsImplBase {
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;

  private final ApiServices services;

  DrillsService(ApiServices services) {
    this.services = services;
  }

  @Override
  public void preflight(PreflightRequest request, StreamObserver<PreflightResponse> observer) {
    ServerCallStreamObserver<PreflightResponse> call =
        (ServerCallStreamObserver<PreflightResponse>) observer;
    // With a handler, writing to a call whose caller has gone is ignored instead of thrown.
    call.setOnCancelHandler(() -> {});
    try {
      Command command =
          requests().preflight(request, Caller.current(), services.control().status().servers());
      var _ =
          services
              .control()
              .submit(command)
              .whenComplete((answer, _) -> services.lane().execute(() -> answer(call, answer)));
    } catch (RefusedException e) {
      observer.onError(Refusals.status(e.rejection()));
    }
  }

  private static void answer(
      StreamObserver<PreflightResponse> observer, @Nullable CommandAnswer answer) {
    switch (answer) {
      case CommandAnswer.Checked checked -> {
        PreflightResponse.Builder response =
            PreflightResponse.newBuilder().addAllSteps(checked.steps());
        checked.checks().stream().map(DrillMessages::check).forEach(response::addChecks);
        observer.onNext(response.build());
        observer.onCompleted();
      }
      case CommandAnswer.Rejected(Rejection rejection) ->
          observer.onError(Refusals.status(rejection));
      case CommandAnswer.Accepted _, CommandAnswer.WouldDo _ ->
          throw new IllegalStateException("no answer to a preflight: " + answer);
      case null ->
          observer.onError(
              Refusals.status(
                  new Rejection.OutcomeUnknown(
                      "The node stopped before it answered: ask another one")));
    }
  }

  @Override
  public void startDrill(StartDrillRequest request, StreamObserver<Progress> observer) {
    start(
        observer,
        requests ->
            requests.start(request, Caller.current(), services.control().status().servers()));
  }

  @Override
  public void abortDrill(AbortDrillRequest request, StreamObserver<Progress> observer) {
    start(observer, requests -> requests.abort(request, Caller.current()));
  }

  @Override
  public void measureDrill(MeasureDrillRequest request, StreamObserver<Progress> observer) {
    start(observer, requests -> requests.measure(request, Caller.current()));
  }

  @Override
  public void listDrills(ListDrillsRequest request, StreamObserver<ListDrillsResponse> observer) {
    try {
      GatewayId gateway = gateways().gateway(request.getGateway());
      int limit = limit(request);
      // The status first: the last drill moves from there to the list of past ones.
      Optional<Drill> last = last(services.control().status(), gateway);
      ImmutableList<Drill> past = services.control().pastDrills(gateway, limit);
      ListDrillsResponse.Builder response = ListDrillsResponse.newBuilder();
      Stream.concat(
              last.stream(),
              past.stream().filter(drill -> last.filter(l -> l.id().equals(drill.id())).isEmpty()))
          .limit(limit)
          .forEach(drill -> response.addDrills(DrillMessages.shown(gateway, drill)));
      observer.onNext(response.build());
      observer.onCompleted();
    } catch (RefusedException e) {
      observer.onError(Refusals.status(e.rejection()));
    } catch (DriverException e) {
      observer.onError(
          Refusals.status(
              new Rejection.NoQuorum(
                  "The drills cannot be read now: " + e.getMessage() + "; retry later")));
    }
  }

  private static Optional<Drill> last(NodeStatus status, GatewayId gateway) {
    Optional<GatewayRecords> records = GatewayView.of(status, gateway).records();
    return records.flatMap(all -> all.drill().value().drill());
  }

  private static int limit(ListDrillsRequest request) throws RefusedException {
    int limit = request.getLimit();
    Requests.check(
        limit >= 0 && limit <= LIMIT_MAX,
        "limit",
        "limit: %s (expected: 0 to %d)".formatted(Integer.toUnsignedString(limit), LIMIT_MAX));
    return limit == 0 ? LIMIT_DEFAULT : limit;
  }

  @Override
  public void getRelay(GetRelayRequest request, StreamObserver<GetRelayResponse> observer) {
    try {
      GatewayId gateway = gateways().gateway(request.getGateway());
      HostAndPort relay = services.relays().get(gateway);
      if (relay == null) {
        throw new RefusedException(
            new Rejection.UnknownGateway(
                "This node has no relay for gateway '%s'".formatted(gateway)));
      }
      observer.onNext(GetRelayResponse.newBuilder().setAddress(relay.toString()).build());
      observer.onCompleted();
    } catch (RefusedException e) {
      observer.onError(Refusals.status(e.rejection()));
    }
  }

  /** Reads a command from a request. */
  @FunctionalInterface
  private interface Reading {
    Command read(DrillRequests requests) throws RefusedException;
  }

  private void start(StreamObserver<Progress> observer, Reading reading) {
    GrpcProgressSink sink = new GrpcProgressSink((ServerCallStreamObserver<Progress>) observer);
    try {
      services.operations().start(reading.read(requests()), sink);
    } catch (RefusedException e) {
      observer.onError(Refusals.status(e.rejection()));
    }
  }

  private DrillRequests requests() {
    return new DrillRequests(gateways());
  }

  private Requests gateways() {
    return new Requests(GatewayView.gateways(services.control().status()));
  }
}
