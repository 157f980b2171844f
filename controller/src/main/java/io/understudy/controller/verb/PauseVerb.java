package io.understudy.controller.verb;

import io.understudy.controller.client.Mutation;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.SetAutomationRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Suspends automatic logins and takeovers. */
@Command(
    name = "pause",
    description =
        "Suspend automatic logins and takeovers, for example during work on the machines.")
final class PauseVerb implements Callable<Integer>, Intent {
  private final Understudy root;

  @Mixin private final MutationOptions options = new MutationOptions();

  PauseVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new Operation(root, options).run(this);
  }

  @Override
  public Plan plan(Cluster cluster, Gateway gateway) {
    return new Plan(
        gateway.getId() + " gets no automatic login and no takeover until `understudy resume`.",
        new Plan.None(),
        true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
    return Mutation.Conversation.plain(
        stub.setAutomation(
            SetAutomationRequest.newBuilder().setMutation(request).setPaused(true).build()));
  }
}
