package io.understudy.controller.verb;

import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Mutation;
import io.understudy.controller.text.Nearest;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.FailoverRequest;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Node;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets another node lead. */
@Command(
    name = "failover",
    description = {
      "Let another node lead the gateway. The leader logs out first, confirms it, and only then"
          + " hands over."
    })
final class FailoverVerb implements Callable<Integer>, Intent {
  private final Understudy root;

  @Mixin private final MutationOptions options = new MutationOptions();

  @Option(
      names = "--to",
      paramLabel = "NODE",
      description = "Node that is to lead (default: the best other one).")
  private @Nullable String target;

  @Option(names = "--force", description = "Also to a node that does not say that it is ready.")
  private boolean force;

  FailoverVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new Operation(root, options).run(this);
  }

  @Override
  public Plan plan(Cluster cluster, Gateway gateway) {
    Optional<String> to = Optional.ofNullable(target);
    to.ifPresent(name -> refuseUnknown(cluster, name));
    String next = to.orElse("the best other node");
    Optional<Cell> live = LiveLogin.of(gateway);
    String forced = force ? " It is tried even if that node does not say that it is ready." : "";
    if (live.isEmpty()) {
      return new Plan(
          next + " will lead " + gateway.getId() + ", which is not logged in now." + forced,
          new Plan.YesNo(),
          true);
    }
    String leader = live.get().getNode();
    return new Plan(
        leader
            + " will log "
            + gateway.getId()
            + " out, then "
            + next
            + " logs in; its trading clients are cut off until positions are compared there."
            + forced,
        new Plan.TypeName("the leading node", leader),
        true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
    return Mutation.Conversation.plain(
        stub.failover(
            FailoverRequest.newBuilder()
                .setMutation(request)
                .setTarget(target == null ? "" : target)
                .setForce(force)
                .build()));
  }

  static void refuseUnknown(Cluster cluster, String name) {
    List<String> names = cluster.getNodesList().stream().map(Node::getId).toList();
    if (!names.contains(name)) {
      throw Failure.usage(
          "Cluster "
              + cluster.getName()
              + " has no running node "
              + name
              + Nearest.to(name, names).map(near -> " (nearest: " + near + ")").orElse("")
              + "; it has "
              + String.join(", ", names)
              + ". If the name is right, start understudyd there first.");
    }
  }
}
