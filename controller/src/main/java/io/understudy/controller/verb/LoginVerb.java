package io.understudy.controller.verb;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.understudy.controller.client.Mutation;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Gateway;
import io.understudy.v1.LoginRequest;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Progress;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Logs a gateway in. */
@Command(
    name = "login",
    description = {
      "Log the gateway in on its leader; ends a former `logout`.",
      "If the second factor is an operator, the one-time code is asked for: without echo on a"
          + " terminal, else read as a line of standard input."
    })
final class LoginVerb implements Callable<Integer>, Intent {
  private final Understudy root;

  @Mixin private final MutationOptions options = new MutationOptions();

  LoginVerb(Understudy root) {
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
      return new Plan(gateway.getId() + " will be logged in.", new Plan.None(), true);
    }
    return new Plan(
        gateway.getId()
            + " is logged in on "
            + live.get().getNode()
            + " already; logging in again may interrupt it.",
        new Plan.YesNo(),
        true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request)
      throws InterruptedException, StatusException {
    BlockingClientCall<LoginRequest, Progress> call = stub.login();
    // A call that ended already says why at the next read.
    var _ = call.write(LoginRequest.newBuilder().setStart(request).build());
    return new Mutation.Conversation(
        call,
        code -> {
          // As above.
          var _ = call.write(LoginRequest.newBuilder().setCode(code).build());
        });
  }
}
