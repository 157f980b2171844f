package io.understudy.controller.verb;

import io.understudy.controller.client.Mutation;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shuts the trading gate. */
@Command(
    name = "halt",
    description = "Halt trading: shut the trading gate at once; the login stays.")
final class HaltVerb implements Callable<Integer>, Intent {
  private final Understudy root;

  @Mixin private final MutationOptions options = new MutationOptions();

  HaltVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new Operation(root, options).run(this);
  }

  @Override
  public Plan plan(Cluster cluster, Gateway gateway) {
    return new Plan(
        "The trading gate of "
            + gateway.getId()
            + " will be shut: its trading clients are cut off until `understudy unhalt`. The login"
            + " stays.",
        new Plan.YesNo(),
        true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
    return Mutation.Conversation.plain(stub.haltTrading(request));
  }
}
