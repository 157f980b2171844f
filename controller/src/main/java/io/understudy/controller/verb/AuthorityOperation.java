package io.understudy.controller.verb;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.bundle.authority.Authority;
import io.understudy.bundle.authority.AuthorityException;
import io.understudy.bundle.authority.Step;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * One command on the authority's folder: opens it, explains, asks, acts, and tells what comes next.
 */
final class AuthorityOperation {
  private final Understudy root;
  private final AuthorityOptions options;
  private final Questions questions;

  AuthorityOperation(Understudy root, AuthorityOptions options) {
    this.root = root;
    this.options = options;
    this.questions = new Questions(root.environment());
  }

  /** Opens the folder of the cluster for as long as it is used. */
  static <T> T on(
      Understudy root, ClusterOptions options, BiFunction<Authority, ClusterFile, T> use) {
    ClusterFile cluster = options.read();
    try (Authority authority =
        Authority.open(options.authority(), cluster.name(), root.environment().clock())) {
      return use.apply(authority, cluster);
    } catch (AuthorityException e) {
      throw Failure.usage(e.sentence());
    }
  }

  int change(
      BiFunction<Authority, ClusterFile, Step> plan, BiConsumer<Authority, ClusterFile> action) {
    Step step =
        on(
            root,
            options.cluster(),
            (authority, cluster) -> {
              Step planned = plan.apply(authority, cluster);
              if (!options.dryRun()) {
                confirm(planned);
                action.accept(authority, cluster);
              }
              return planned;
            });
    tell(step);
    return ExitCode.DONE.number();
  }

  private void confirm(Step step) {
    if (options.yes()) {
      return;
    }
    String explained =
        step.before().isEmpty() ? step.will() : step.will() + "\nMake sure: " + step.before();
    if (!questions.possible()) {
      throw Failure.usage(
          explained + "\nThis has to be confirmed and there is no terminal to ask on: add --yes.");
    }
    root.environment().err().println(explained);
    questions.confirm(new Plan.YesNo());
  }

  private void tell(Step step) {
    String prefix = options.dryRun() ? "Nothing was changed. It would be so: " : "";
    root.printer()
        .fact(
            prefix + step.will() + "\n\nNext: " + step.next(),
            Struct.newBuilder()
                .putFields("changed", Value.newBuilder().setBoolValue(!options.dryRun()).build())
                .putFields("before", text(step.before()))
                .putFields("what", text(step.will()))
                .putFields("next", text(step.next()))
                .build());
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
