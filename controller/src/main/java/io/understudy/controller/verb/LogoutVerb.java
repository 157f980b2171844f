package io.understudy.controller.verb;

import io.understudy.controller.client.Mutation;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Logs a gateway out everywhere. */
@Command(
    name = "logout",
    description = "Log the gateway out on every node; nobody logs in until `login`.")
final class LogoutVerb implements Callable<Integer>, Intent {
  private final Understudy root;

  @Mixin private final MutationOptions options = new MutationOptions();

  LogoutVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new Operation(root, options).run(this);
  }

  @Override
  public Plan plan(Cluster cluster, Gateway gateway) {
    Optional<Cell> live = LiveLogin.of(gateway);
    if (live.isEmpty()) {
      return new Plan(
          gateway.getId() + " is not logged in; nobody will log it in until `understudy login`.",
          new Plan.YesNo(),
          true);
    }
    return new Plan(
        gateway.getId()
            + " will be logged out on "
            + live.get().getNode()
            + ": its trading clients are cut off, and nobody logs in until `understudy login`.",
        new Plan.TypeName("the gateway", gateway.getId()),
        true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
    return Mutation.Conversation.plain(stub.logout(request));
  }
}
