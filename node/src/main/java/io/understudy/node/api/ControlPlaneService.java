package io.understudy.node.api;

import com.google.common.collect.ImmutableList;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.ShownMessages;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.Event;
import io.understudy.v1.FailoverRequest;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.ListHistoryRequest;
import io.understudy.v1.ListHistoryResponse;
import io.understudy.v1.LoginRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Progress;
import io.understudy.v1.ReconcileRequest;
import io.understudy.v1.SetAutomationRequest;
import io.understudy.v1.WatchEventsRequest;
import java.util.Optional;

/** The operators' service. Checks, hands over, and returns; the API lane sends the answers. */
final class ControlPlaneService extends ControlPlaneGrpc.ControlPlaneImplBase {
  private static final int HISTORY_LIMIT_DEFAULT = 50;
  private static final int HISTORY_LIMIT_MAX = 1_000;

  private final ApiServices services;

  ControlPlaneService(ApiServices services) {
    this.services = services;
  }

  @Override
  public void getCluster(GetClusterRequest request, StreamObserver<Cluster> observer) {
    observer.onNext(services.picture());
    observer.onCompleted();
  }

  @Override
  public void watchEvents(WatchEventsRequest request, StreamObserver<Event> observer) {
    ServerCallStreamObserver<Event> call = (ServerCallStreamObserver<Event>) observer;
    // With a handler, writing to a call whose caller has gone is ignored instead of thrown.
    call.setOnCancelHandler(() -> {});
    try {
      Optional<GatewayId> filter =
          request.getGateway().isEmpty()
              ? Optional.empty()
              : Optional.of(requests().gateway(request.getGateway()));
      services.watch(call, filter);
    } catch (RefusedException e) {
      observer.onError(Refusals.status(e.rejection()));
    }
  }

  @Override
  public StreamObserver<LoginRequest> login(StreamObserver<Progress> observer) {
    return new LoginStream(
        services, Caller.current(), new GrpcProgressSink(streaming(observer)), this::requests);
  }

  @Override
  public void logout(MutationRequest request, StreamObserver<Progress> observer) {
    start(observer, (requests, caller) -> requests.logout(request, caller));
  }

  @Override
  public void failover(FailoverRequest request, StreamObserver<Progress> observer) {
    start(observer, (requests, caller) -> requests.failover(request, caller));
  }

  @Override
  public void reconcile(ReconcileRequest request, StreamObserver<Progress> observer) {
    start(observer, (requests, caller) -> requests.reconcile(request, caller));
  }

  @Override
  public void setAutomation(SetAutomationRequest request, StreamObserver<Progress> observer) {
    start(observer, (requests, caller) -> requests.setAutomation(request, caller));
  }

  @Override
  public void haltTrading(MutationRequest request, StreamObserver<Progress> observer) {
    start(observer, (requests, caller) -> requests.haltTrading(request, caller));
  }

  @Override
  public void resumeTrading(MutationRequest request, StreamObserver<Progress> observer) {
    start(observer, (requests, caller) -> requests.resumeTrading(request, caller));
  }

  @Override
  public void unlockLogins(MutationRequest request, StreamObserver<Progress> observer) {
    start(observer, (requests, caller) -> requests.unlockLogins(request, caller));
  }

  @Override
  public void listHistory(
      ListHistoryRequest request, StreamObserver<ListHistoryResponse> observer) {
    try {
      GatewayId gateway = requests().gateway(request.getGateway());
      ImmutableList<HistoryEntry> entries = services.control().history(gateway, limit(request));
      ListHistoryResponse.Builder response = ListHistoryResponse.newBuilder();
      entries.forEach(entry -> response.addEntries(ShownMessages.historyEntry(gateway, entry)));
      observer.onNext(response.build());
      observer.onCompleted();
    } catch (RefusedException e) {
      observer.onError(Refusals.status(e.rejection()));
    } catch (DriverException e) {
      observer.onError(
          Refusals.status(
              new Rejection.NoQuorum(
                  "The history cannot be read now: " + e.getMessage() + "; retry later")));
    }
  }

  private static int limit(ListHistoryRequest request) throws RefusedException {
    int limit = request.getLimit();
    if (limit < 0 || limit > HISTORY_LIMIT_MAX) {
      throw new RefusedException(
          new Rejection.InvalidField(
              "limit",
              "limit: %s (expected: 0 to %d)"
                  .formatted(Integer.toUnsignedString(limit), HISTORY_LIMIT_MAX)));
    }
    return limit == 0 ? HISTORY_LIMIT_DEFAULT : limit;
  }

  /** Reads a command from a request. */
  @FunctionalInterface
  private interface Reading {
    Command read(Requests requests, Caller caller) throws RefusedException;
  }

  private void start(StreamObserver<Progress> observer, Reading reading) {
    GrpcProgressSink sink = new GrpcProgressSink(streaming(observer));
    try {
      services.operations().start(reading.read(requests(), Caller.current()), sink);
    } catch (RefusedException e) {
      observer.onError(Refusals.status(e.rejection()));
    }
  }

  private static ServerCallStreamObserver<Progress> streaming(StreamObserver<Progress> observer) {
    return (ServerCallStreamObserver<Progress>) observer;
  }

  private Requests requests() {
    return new Requests(GatewayView.gateways(services.control().status()));
  }
}
