package io.understudy.controller.client;

import io.grpc.Deadline;
import io.grpc.StatusException;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.GetRelayRequest;
import io.understudy.v1.ListDrillsRequest;
import io.understudy.v1.PreflightRequest;
import io.understudy.v1.PreflightResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What can be asked about drills. For the thread of its {@link ClusterClient}. */
public final class DrillReads {
  private final Context context;
  private final Connections connections;
  private final Duration timeout;

  DrillReads(Context context, Connections connections, Duration timeout) {
    this.context = context;
    this.connections = connections;
    this.timeout = timeout;
  }

  /** Asks the gateway's leader whether a drill might begin. */
  public PreflightResponse preflight(Sighting sighting, String gateway, DrillPlan plan) {
    PreflightRequest request =
        PreflightRequest.newBuilder().setGateway(gateway).setPlan(plan).build();
    return answer(sighting.leaderOf(gateway), stub -> stub.preflight(request));
  }

  /** Newest first. */
  public List<Drill> list(Sighting sighting, String gateway, int limit) {
    ListDrillsRequest request =
        ListDrillsRequest.newBuilder().setGateway(gateway).setLimit(limit).build();
    return answer(sighting.endpoint(), stub -> stub.listDrills(request)).getDrillsList();
  }

  /** Where trading clients connect to the node that answers there, as it writes it. */
  public String relay(Endpoint node, String gateway) {
    GetRelayRequest request = GetRelayRequest.newBuilder().setGateway(gateway).build();
    return answer(node, stub -> stub.getRelay(request)).getAddress();
  }

  /** One call. */
  private interface Question<T> {
    T put(DrillsGrpc.DrillsBlockingV2Stub stub) throws StatusException;
  }

  private <T> T answer(Endpoint endpoint, Question<T> question) {
    try {
      return question.put(
          DrillsGrpc.newBlockingV2Stub(connections.to(endpoint))
              .withDeadline(Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS)));
    } catch (StatusException e) {
      RpcError error = RpcError.of(e);
      if (error.transport()) {
        connections.drop(endpoint);
      }
      throw error.toFailure(context, endpoint);
    }
  }
}
