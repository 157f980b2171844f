package io.understudy.controller.client;

import io.grpc.Deadline;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.Event;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.ListHistoryRequest;
import io.understudy.v1.WatchEventsRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One cluster, reached through whichever of its nodes answers. For one thread; every call ends
 * within its timeout, with {@link Failure} when it does not succeed.
 */
public final class ClusterClient implements AutoCloseable {
  private final Context context;
  private final Connections connections;
  private final Lookout lookout;
  private final Consumer<String> notes;
  private final Pause pause;
  private final Duration timeout;

  /**
   * @param notes takes what is worth knowing but no failure, such as an endpoint that was skipped
   * @param timeout for finding a node that answers, and for its first answer
   */
  public ClusterClient(
      Context context, Channels channels, Consumer<String> notes, Pause pause, Duration timeout) {
    this.context = context;
    this.connections = new Connections(channels);
    this.lookout = new Lookout(context, connections, notes);
    this.notes = notes;
    this.pause = pause;
    this.timeout = timeout;
  }

  public Context context() {
    return context;
  }

  /** The cluster as the first node sees it that answers and has a quorum, else the last known. */
  public Sighting look() {
    return lookout.look(timeout);
  }

  /** Newest first. */
  public List<HistoryEntry> history(Sighting sighting, String gateway, int limit) {
    ListHistoryRequest request =
        ListHistoryRequest.newBuilder().setGateway(gateway).setLimit(limit).build();
    try {
      return stub(sighting.endpoint()).listHistory(request).getEntriesList();
    } catch (StatusException e) {
      throw RpcError.of(e).toFailure(context, sighting.endpoint());
    }
  }

  /** The cluster as the same node sees it now. */
  public Cluster lookAgain(Sighting sighting) {
    try {
      return stub(sighting.endpoint()).getCluster(GetClusterRequest.getDefaultInstance());
    } catch (StatusException e) {
      connections.drop(sighting.endpoint());
      throw RpcError.of(e).toFailure(context, sighting.endpoint());
    }
  }

  /** Questions about drills, over the same connections. */
  public DrillReads drills() {
    return new DrillReads(context, connections, timeout);
  }

  /** Starts to follow what happens, as the node of the sighting tells it. */
  public EventStream watch(Sighting sighting, String gateway) {
    BlockingClientCall<?, Event> call =
        ControlPlaneGrpc.newBlockingV2Stub(connections.to(sighting.endpoint()))
            .watchEvents(WatchEventsRequest.newBuilder().setGateway(gateway).build());
    return new EventStream(
        call, failure -> RpcError.of(failure).toFailure(context, sighting.endpoint()));
  }

  /** Carries out a mutation at the gateway's leader, and follows it to its end. */
  public MutationOutcome mutate(
      Sighting sighting, Mutation mutation, Patience patience, ProgressObserver observer) {
    return new MutationRun(
            context, connections, lookout, notes, pause, mutation, patience, observer)
        .from(sighting);
  }

  @Override
  public void close() {
    connections.close();
  }

  private ControlPlaneGrpc.ControlPlaneBlockingV2Stub stub(Endpoint endpoint) {
    return ControlPlaneGrpc.newBlockingV2Stub(connections.to(endpoint))
        .withDeadline(Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS));
  }
}
