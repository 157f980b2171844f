package io.understudy.controller.verb;

import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.drill.Preflights;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.PreflightResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Whether a drill might begin, and what it would do. */
@Command(
    name = "plan",
    description = "Show whether a drill may begin now, and what it would do. Changes nothing.",
    footer = "%nExit codes: 0 it may begin, 2 a check stands against it.")
final class DrillPlanVerb implements Callable<Integer> {
  private final Understudy root;

  @Mixin private final DrillPlanOptions options = new DrillPlanOptions();

  DrillPlanVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    DrillPlan plan = options.plan();
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      String gateway = root.gatewayOf(sighting.cluster()).getId();
      PreflightResponse response = client.drills().preflight(sighting, gateway, plan);
      root.printer().preflight(gateway, plan, response);
      ExitCode code =
          Preflights.standing(plan, response).isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
      return code.number();
    }
  }
}
