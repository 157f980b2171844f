package io.understudy.controller.output;

import io.understudy.controller.text.Spans;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import io.understudy.v1.Gateway;
import io.understudy.v1.Phase;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a cluster right now; nothing means that every gateway serves its clients. */
public final class Health {
  private Health() {}

  /** One clause for each thing that is wrong; each of them makes {@code status} end with 3. */
  public static List<String> problems(Cluster cluster) {
    List<String> problems = new ArrayList<>();
    if (cluster.getStale()) {
      problems.add(
          cluster.getAnsweredBy()
              + " has no quorum; this is what it knew "
              + Spans.text(Times.duration(cluster.getAge()))
              + " ago");
    }
    for (Gateway gateway : cluster.getGatewaysList()) {
      long serving = gateway.getCellsList().stream().filter(Health::serves).count();
      if (serving == 0) {
        problems.add("nobody serves " + gateway.getId() + because(gateway));
      } else if (serving > 1) {
        problems.add(serving + " nodes say that they serve " + gateway.getId());
      }
    }
    return problems;
  }

  /** Whether trading clients pass through this cell. */
  static boolean serves(Cell cell) {
    return cell.getPhase() == Phase.PHASE_SERVING && cell.getGateOpen();
  }

  private static String because(Gateway gateway) {
    if (gateway.getDirectives().getLoggedOut()) {
      return ": it was logged out by an operator (end that with `understudy login`)";
    }
    if (gateway.getDirectives().getTradingHalted()) {
      return ": trading is halted (end that with `understudy unhalt`)";
    }
    String standing =
        gateway.getCellsList().stream()
            .filter(Cell::getLeader)
            .findFirst()
            .map(cell -> ": " + cell.getNode() + " " + PhaseWords.doing(cell.getPhase()))
            .orElse(": nobody leads");
    return gateway.getDirectives().getPaused()
        ? standing + "; automation is paused (end that with `understudy resume`)"
        : standing;
  }
}
