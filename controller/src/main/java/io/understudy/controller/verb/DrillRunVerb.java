package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Mutation;
import io.understudy.controller.client.MutationOutcome;
import io.understudy.controller.client.Patience;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.drill.DrillWords;
import io.understudy.controller.drill.Preflights;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.DrillsGrpc;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.PreflightCheck;
import io.understudy.v1.PreflightResponse;
import io.understudy.v1.Result;
import io.understudy.v1.StartDrillRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a drill from the preflight to the report. */
@Command(
    name = "run",
    description = {
      "Run a drill: check, ask, make the fault, watch how the cluster recovers, and write the"
          + " report. Interrupted, it asks whether the drill is to go on by itself."
    },
    footer =
        "%nExit codes: 0 passed, 2 a check stands against it, 3 failed, aborted, or two relays answered at once, 4 its end was not"
            + " seen.")
final class DrillRunVerb implements Callable<Integer>, Intent {
  private static final Duration BEGIN_MAX = Duration.ofMinutes(1);

  private final Understudy root;

  @Mixin private final DrillPlanOptions planOptions = new DrillPlanOptions();

  @Option(
      names = "--report",
      paramLabel = "DIR",
      defaultValue = Reports.FOLDER_DEFAULT,
      description = "Where the report goes (default: ./" + Reports.FOLDER_DEFAULT + ").")
  private Path folder = Path.of(Reports.FOLDER_DEFAULT);

  @Option(
      names = "--no-wait",
      description = "Return once the drill has begun; nothing is measured from here.")
  private boolean noWait;

  @Mixin private final RequestOptions options = new RequestOptions();

  private @Nullable PreflightResponse preflight;

  DrillRunVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() throws InterruptedException {
    DrillPlan plan = planOptions.plan();
    Operation operation =
        new Operation(root, options, new Patience(root.timeout(), BEGIN_MAX, true));
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      String gateway = root.gatewayOf(sighting.cluster()).getId();
      if (!plan.getTarget().isEmpty()) {
        FailoverVerb.refuseUnknown(sighting.cluster(), plan.getTarget());
      }
      check(plan, client, sighting, gateway);
      MutationRequest request = operation.confirmed(sighting, this);
      if (!request.getDryRun()) {
        Reports.prepare(folder);
      }
      DrillRun run = new DrillRun(root, client, sighting, request, folder);
      if (request.getDryRun() || noWait) {
        return operation.tell(gateway, operation.carryOut(client, sighting, this, request));
      }
      return run.carryOut(() -> {
        MutationOutcome outcome = operation.carryOut(client, sighting, this, request);
        return begun(outcome) ? Optional.empty() : Optional.of(operation.tell(gateway, outcome));
      });
    }
  }

  @Override
  public Plan plan(Cluster cluster, Gateway gateway) {
    DrillPlan plan = planOptions.plan();
    PreflightResponse checked =
        preflight == null ? PreflightResponse.getDefaultInstance() : preflight;
    StringBuilder sentence =
        new StringBuilder(
            "Drill %s of %s:".formatted(DrillWords.kind(plan.getKind()), gateway.getId()));
    int number = 1;
    for (String step : checked.getStepsList()) {
      sentence.append("\n  %d. %s".formatted(number++, step));
    }
    List<PreflightCheck> overruled =
        checked.getChecksList().stream()
            .filter(check -> Preflights.overruled(plan, check))
            .toList();
    overruled.forEach(
        check -> sentence.append("\n  overruled by you: %s".formatted(check.getSentence())));
    sentence.append("\nTrading clients are cut off meanwhile, as in a real failover.");
    Optional<Cell> live = LiveLogin.of(gateway);
    Plan.Caution caution =
        live.isPresent()
            ? new Plan.TypeName("the leading node", live.get().getNode())
            : new Plan.YesNo();
    return new Plan(sentence.toString(), caution, true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
    return Mutation.Conversation.plain(
        DrillsGrpc.newBlockingV2Stub(stub.getChannel())
            .startDrill(
                StartDrillRequest.newBuilder()
                    .setMutation(request)
                    .setPlan(planOptions.plan())
                    .build()));
  }

  /** The cluster checks again when it starts; this tells before anything is asked. */
  private void check(DrillPlan plan, ClusterClient client, Sighting sighting, String gateway) {
    if (options.requestId().isPresent()) {
      // It may name a drill that has begun, which every check would stand against.
      return;
    }
    PreflightResponse response = client.drills().preflight(sighting, gateway, plan);
    List<PreflightCheck> standing = Preflights.standing(plan, response);
    if (!standing.isEmpty()) {
      throw new Failure(
          ExitCode.REFUSED,
          standing.getFirst().getCode(),
          standing.stream()
              .map(each -> "\n  " + each.getCode() + ": " + each.getSentence())
              .collect(Collectors.joining("", "The drill may not begin:", "")));
    }
    preflight = response;
  }

  private static boolean begun(MutationOutcome outcome) {
    return switch (outcome) {
      case MutationOutcome.Ended(Result result) ->
          result.getOutcome() == Result.Outcome.OUTCOME_DONE;
      case MutationOutcome.Accepted _ -> true;
    };
  }
}
