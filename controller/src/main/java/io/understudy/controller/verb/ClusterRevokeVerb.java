package io.understudy.controller.verb;

import io.understudy.bundle.authority.Rotation;
import io.understudy.bundle.authority.Signal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends certificates before their time. */
@Command(name = "revoke", description = "End certificates before their time.")
final class ClusterRevokeVerb implements Runnable {
  private final Understudy root;

  @Spec private @Nullable CommandSpec spec;

  ClusterRevokeVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public void run() {
    CommandSpec own = spec;
    if (own != null) {
      throw new ParameterException(own.commandLine(), "What to revoke is missing.");
    }
  }

  @Command(
      name = "operator",
      description = {
        "All certificates of an operator, or one of them.",
        "Who is no longer in the cluster file is not let in anyway."
      })
  int operator(
      @Mixin AuthorityOptions options,
      @Parameters(paramLabel = "NAME", description = "The operator's name.") String name,
      @Option(
              names = "--serial",
              paramLabel = "HEX",
              description = "That certificate alone, e.g. a former one.")
          @Nullable String serial) {
    AuthorityOperation operation = new AuthorityOperation(root, options);
    if (serial != null) {
      return operation.change(
          (authority, _) -> authority.planRevocation(name, serial),
          (authority, _) -> authority.revoke(name, serial));
    }
    Rotation all = new Rotation.OperatorCertificate(name);
    return operation.change(
        (authority, cluster) -> authority.plan(all, Signal.REVOKE, cluster),
        (authority, cluster) -> authority.carryOut(all, Signal.REVOKE, cluster));
  }
}
