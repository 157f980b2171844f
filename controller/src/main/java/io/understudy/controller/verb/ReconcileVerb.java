package io.understudy.controller.verb;

import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Mutation;
import io.understudy.controller.output.TablePrinter;
import io.understudy.controller.text.Nearest;
import io.understudy.v1.Cluster;
import io.understudy.v1.ControlPlaneGrpc.ControlPlaneBlockingV2Stub;
import io.understudy.v1.Discrepancy;
import io.understudy.v1.Gateway;
import io.understudy.v1.MutationRequest;
import io.understudy.v1.ReconcileRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares positions anew, and accepts discrepancies by name. */
@Command(
    name = "reconcile",
    description = "Compare positions anew; the trading gate opens when none differs.")
final class ReconcileVerb implements Callable<Integer>, Intent {
  private final Understudy root;

  @Mixin private final MutationOptions options = new MutationOptions();

  @Option(
      names = "--accept",
      split = ",",
      paramLabel = "ID",
      description = "Discrepancies, as `status` names them, that are right as they are.")
  private List<String> accepted = new ArrayList<>();

  ReconcileVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return new Operation(root, options).run(this);
  }

  @Override
  public Plan plan(Cluster cluster, Gateway gateway) {
    if (accepted.isEmpty()) {
      return new Plan(
          "The positions of " + gateway.getId() + " are compared anew.", new Plan.None(), false);
    }
    Map<String, Discrepancy> known = discrepancies(gateway);
    List<String> lines = new ArrayList<>();
    for (String id : accepted) {
      Discrepancy discrepancy = known.get(id);
      if (discrepancy == null) {
        throw Failure.usage(unknown(gateway, id, known));
      }
      lines.add("  " + TablePrinter.discrepancy(discrepancy));
    }
    return new Plan(
        "Trading on "
            + gateway.getId()
            + " will be allowed although these positions differ:\n"
            + String.join("\n", lines)
            + "\n",
        new Plan.YesNo(),
        true);
  }

  @Override
  public Mutation.Conversation send(ControlPlaneBlockingV2Stub stub, MutationRequest request) {
    return Mutation.Conversation.plain(
        stub.reconcile(
            ReconcileRequest.newBuilder().setMutation(request).addAllAccept(accepted).build()));
  }

  private static Map<String, Discrepancy> discrepancies(Gateway gateway) {
    Map<String, Discrepancy> byId = new TreeMap<>();
    gateway.getCellsList().stream()
        .flatMap(cell -> cell.getReconciliation().getDiscrepanciesList().stream())
        .forEach(discrepancy -> byId.put(discrepancy.getId(), discrepancy));
    return byId;
  }

  private static String unknown(Gateway gateway, String id, Map<String, Discrepancy> known) {
    if (known.isEmpty()) {
      return gateway.getId() + " has no discrepancy to accept; see `understudy status`.";
    }
    return gateway.getId()
        + " has no discrepancy "
        + id
        + Nearest.to(id, known.keySet()).map(near -> " (nearest: " + near + ")").orElse("")
        + "; it has "
        + String.join(", ", known.keySet())
        + ".";
  }
}
