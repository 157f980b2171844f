package io.understudy.controller.verb;

import io.understudy.controller.client.Mutation;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Ends the lock of the login budget. */
@Command(
    name = "unlock",
    description = "Forget the failed logins in a row and the lock that they caused.")
final class UnlockVerb implements Callable<Integer>, Intent {
  private final Understudy root;

  @Mixin private final MutationOptions options = new MutationOptions();

  UnlockVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new Operation(root, options).run(this);
  }

  @Override
  public Plan plan(Cluster cluster, Gateway gateway) {
    return new Plan(
        "The failed logins of "
            + gateway.getId()
            + " are forgotten ("
            + gateway.getLoginBudget().getFailuresInRow()
            + " of "
            + gateway.getLoginBudget().getFailuresMax()
            + " in a row), and logins are tried again. If the password or the second factor is"
            + " still wrong, more failures can lock the account at the broker.",
        new Plan.YesNo(),
        true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
    return Mutation.Conversation.plain(stub.unlockLogins(request));
  }
}
