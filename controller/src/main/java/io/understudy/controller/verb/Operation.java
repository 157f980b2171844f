package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Mutation;
import io.understudy.controller.client.MutationOutcome;
import io.understudy.controller.client.Patience;
import io.understudy.controller.client.ProgressObserver;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.output.OutputFormat;
import io.understudy.controller.output.ProgressLines;
import io.understudy.controller.output.Style;
import io.understudy.controller.output.TablePrinter;
import io.understudy.v1.Cluster;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.Progress;
import io.understudy.v1.Result;
import java.util.UUID;

/**
 * One change, from the first look to the last line: looks at the cluster, explains, asks, sends to
 * the leader with the epoch that was shown, follows, and tells how it ended.
 */
final class Operation {
  private final Understudy root;
  private final RequestOptions options;
  private final Patience patience;
  private final Questions questions;

  Operation(Understudy root, MutationOptions options) {
    this(root, options.request(), options.patience(root.timeout()));
  }

  Operation(Understudy root, RequestOptions options, Patience patience) {
    this.root = root;
    this.options = options;
    this.patience = patience;
    this.questions = new Questions(root.environment());
  }

  int run(Intent intent) {
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      MutationRequest request = confirmed(sighting, intent);
      return tell(request.getGateway(), carryOut(client, sighting, intent, request));
    }
  }

  /** The request, after everything was explained and confirmed. */
  MutationRequest confirmed(Sighting sighting, Intent intent) {
    Gateway gateway = root.gatewayOf(sighting.cluster());
    Plan plan = intent.plan(sighting.cluster(), gateway);
    explain(sighting.cluster(), gateway, plan);
    String reason = reason(plan);
    confirm(plan);
    return MutationRequest.newBuilder()
        .setGateway(gateway.getId())
        .setRequestId(options.requestId().orElseGet(() -> UUID.randomUUID().toString()))
        .setExpectedEpoch(gateway.getEpoch())
        .setReason(reason)
        .setDryRun(options.dryRun())
        .build();
  }

  /** Shows the state and the plan to whoever is going to confirm it. */
  private void explain(Cluster cluster, Gateway gateway, Plan plan) {
    boolean asks = !(plan.caution() instanceof Plan.None);
    if (!asks || options.yes() || options.dryRun() || !questions.possible()) {
      return;
    }
    Cluster shown = cluster.toBuilder().clearGateways().addGateways(gateway).build();
    new TablePrinter(root.promptCanvas()).status(shown);
    root.environment().err().println(plan.sentence());
  }

  private String reason(Plan plan) {
    if (options.reason().isPresent()) {
      return options.reason().get();
    }
    if (!plan.reasonNeeded() || options.dryRun()) {
      return "";
    }
    if (!questions.possible()) {
      throw Failure.usage(
          "The history needs a reason, and there is no terminal to ask on: add --reason TEXT.");
    }
    return questions.reason();
  }

  private void confirm(Plan plan) {
    if (options.yes() || options.dryRun() || plan.caution() instanceof Plan.None) {
      return;
    }
    if (!questions.possible()) {
      throw Failure.usage(
          plan.sentence()
              + " This has to be confirmed and there is no terminal to ask on: add --yes.");
    }
    questions.confirm(plan.caution());
  }

  MutationOutcome carryOut(
      ClusterClient client, Sighting sighting, Intent intent, MutationRequest request) {
    Mutation mutation =
        new Mutation(
            request.getGateway(), request.getRequestId(), stub -> intent.send(stub, request));
    Watcher watcher = new Watcher(progressLines());
    Environment environment = root.environment();
    Environment.Registration registration =
        environment
            .interrupts()
            .onInterrupt(() ->
                environment
                    .err()
                    .println(
                        "\nunderstudy: no longer waiting; what was accepted goes on: see"
                            + " `understudy status`, or repeat with --request-id "
                            + request.getRequestId()));
    try {
      return client.mutate(sighting, mutation, patience, watcher);
    } finally {
      watcher.lines.finish();
      registration.close();
    }
  }

  int tell(String gateway, MutationOutcome outcome) {
    return switch (outcome) {
      case MutationOutcome.Ended(Result result) -> {
        root.printer().result(gateway, result);
        yield exitCode(result).number();
      }
      case MutationOutcome.Accepted(Progress last) -> {
        root.printer().accepted(last);
        yield ExitCode.DONE.number();
      }
    };
  }

  private static ExitCode exitCode(Result result) {
    return switch (result.getOutcome()) {
      case OUTCOME_DONE, OUTCOME_DRY_RUN -> ExitCode.DONE;
      case OUTCOME_DEGRADED, OUTCOME_FAILED -> ExitCode.DEGRADED;
      case OUTCOME_UNSPECIFIED, UNRECOGNIZED -> ExitCode.UNKNOWN;
    };
  }

  private ProgressLines progressLines() {
    Environment environment = root.environment();
    boolean screen = environment.terminal().errIsScreen();
    ProgressLines.Mode mode =
        root.output() == OutputFormat.json
            ? ProgressLines.Mode.JSON
            : screen && Style.movable(environment.variables())
                ? ProgressLines.Mode.LIVE
                : ProgressLines.Mode.PLAIN;
    return new ProgressLines(
        environment.err(), mode, environment.terminal().columns(), System::nanoTime);
  }

  /** Shows progress, and asks for one-time codes. */
  private final class Watcher implements ProgressObserver {
    private final ProgressLines lines;

    Watcher(ProgressLines lines) {
      this.lines = lines;
    }

    @Override
    public void progressed(Progress progress) {
      lines.show(progress);
    }

    @Override
    public void stillRunning() {
      lines.redraw();
    }

    @Override
    public String oneTimeCode(Progress progress) {
      lines.finish();
      return questions.oneTimeCode(progress.getGateway());
    }
  }
}
