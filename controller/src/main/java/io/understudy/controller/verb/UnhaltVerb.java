package io.understudy.controller.verb;

import io.understudy.controller.client.Mutation;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Allows the trading gate to open again. */
@Command(name = "unhalt", description = "Resume trading: let the trading gate open again.")
final class UnhaltVerb implements Callable<Integer>, Intent {
  private final Understudy root;

  @Mixin private final MutationOptions options = new MutationOptions();

  UnhaltVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new Operation(root, options).run(this);
  }

  @Override
  public Plan plan(Cluster cluster, Gateway gateway) {
    return new Plan(
        "The trading gate of " + gateway.getId() + " may open again.", new Plan.None(), true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
    return Mutation.Conversation.plain(stub.resumeTrading(request));
  }
}
