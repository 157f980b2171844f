package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Mutation;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.drill.DrillWords;
import io.understudy.v1.AbortDrillRequest;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends a drill before its time. */
@Command(
    name = "abort",
    description = {
      "End the drill that is under way. The cluster goes on serving, and goes back to the node that"
          + " led where the drill was to go back."
    })
final class DrillAbortVerb implements Callable<Integer> {
  private static final int LIST = 20;

  private final Understudy root;

  @Parameters(
      arity = "0..1",
      paramLabel = "DRILL",
      description = "Its id (default: the one under way).")
  private @Nullable String id;

  @Mixin private final MutationOptions options = new MutationOptions();

  DrillAbortVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new Operation(root, options).run(new Abort(drill()));
  }

  private String drill() {
    if (id != null) {
      return id;
    }
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      String gateway = root.gatewayOf(sighting.cluster()).getId();
      return client.drills().list(sighting, gateway, LIST).stream()
          .filter(drill -> !DrillWords.ended(drill))
          .map(Drill::getId)
          .findFirst()
          .orElseThrow(() ->
              new Failure(
                  ExitCode.REFUSED, "NO_DRILL", "No drill of " + gateway + " is under way."));
    }
  }

  /** The change itself. A drill may change the epoch at any moment, so none is expected. */
  record Abort(String drill) implements Intent {
    @Override
    public Plan plan(Cluster cluster, Gateway gateway) {
      return new Plan(
          "The drill "
              + drill
              + " of "
              + gateway.getId()
              + " ends; a way back that it was to take follows as soon as that node is ready.",
          new Plan.YesNo(),
          true);
    }

    @Override
    public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
      return Mutation.Conversation.plain(
          DrillsGrpc.newBlockingV2Stub(stub.getChannel())
              .abortDrill(
                  AbortDrillRequest.newBuilder()
                      .setMutation(request.toBuilder().clearExpectedEpoch())
                      .setDrill(drill)
                      .build()));
    }
  }
}
