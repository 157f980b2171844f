package io.understudy.node.sim;

import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.GatewayId;
import java.util.Objects;

/**
 * One run: first anything may fail and nothing unsafe may happen; then faults end and it must
 * serve.
 */
final class Simulation {
  private static final long TROUBLED = 600 * World.SECOND;
  private static final long RECOVERY_MAX = 300 * World.SECOND;

  private final long seed;
  private final World world;
  private final Cluster cluster;
  private final Nemesis nemesis;
  private final Operators operators;

  Simulation(long seed, Coverage coverage, boolean verbose) {
    this.seed = seed;
    world = new World(seed, verbose);
    cluster = new Cluster(world, coverage);
    nemesis = new Nemesis(world, cluster);
    operators = new Operators(world, cluster);
  }

  /** What a run was. */
  record Run(long hash, long nanos, long passes, long submissions) {}

  /** Runs to the end; an AssertionError names the seed, the promise and the last events. */
  Run run() {
    try {
      cluster.machines().forEach(m -> world.after(world.millis(0, 3_000), () -> cluster.start(m)));
      nemesis.begin(operators::interfere);
      operators.begin();
      until(TROUBLED);
      nemesis.mendEverything();
      operators.goAway();
      settle(false);
      operators.help();
      settle(true);
      return new Run(world.hash(), world.now(), cluster.judge().passes(), cluster.judge().logins());
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "seed "
              + seed
              + ": "
              + e
              + "\n  repeat with: mvn -pl node test -Dtest=SimulationTest -Dseed="
              + seed
              + "\n  the last events:\n"
              + world.lastLines(),
          e);
    }
  }

  private void until(long time) {
    while (world.step(time)) {
      cluster.judge().check();
    }
  }

  /** Runs until every gateway has come to rest, at most for the time that recovery may take. */
  private void settle(boolean mustServe) {
    long end = world.now() + RECOVERY_MAX;
    while (world.now() < end) {
      until(world.now() + World.SECOND);
      if (cluster.usernames().keySet().stream().allMatch(g -> atRest(g, mustServe))) {
        return;
      }
    }
    throw new PromiseBroken(
        "Liveness",
        (mustServe ? "although an operator did what was asked, " : "")
            + "no recovery within "
            + RECOVERY_MAX / World.SECOND
            + " s of the last fault: "
            + phases());
  }

  private boolean atRest(GatewayId gateway, boolean mustServe) {
    Directives directives = cluster.ensemble().directives(gateway);
    boolean wished = directives.paused() || directives.loggedOut();
    if ((!mustServe && wished) || waitsForWallTime(gateway)) {
      return true;
    }
    return cluster.machines().stream()
        .flatMap(machine -> machine.daemon().stream())
        .anyMatch(daemon -> {
          NodeRecord.CellRecord cell = daemon.cell(gateway);
          boolean open =
              daemon.edges().relayOpen(gateway).filter(e -> daemon.permits(gateway, e)).isPresent();
          boolean serves =
              cell.phase() == Phase.SERVING && (open || (directives.tradingHalted() && !mustServe));
          return serves || (!mustServe && cell.phase() == Phase.NEEDS_OPERATOR);
        });
  }

  /** A clock that ran ahead has used up time steps of the future: only their passing helps. */
  private boolean waitsForWallTime(GatewayId gateway) {
    long step = TotpStep.at(world.wall()).number();
    return cluster
        .ensemble()
        .ledger(gateway)
        .lastStep()
        .filter(last -> last.number() > step + 1)
        .isPresent();
  }

  private String phases() {
    StringBuilder text = new StringBuilder();
    for (Machine machine : cluster.machines()) {
      machine
          .daemon()
          .ifPresent(d ->
              d.self()
                  .cells()
                  .forEach(c ->
                      text.append(machine.id())
                          .append(' ')
                          .append(c.gateway())
                          .append(' ')
                          .append(c.phase())
                          .append(" (")
                          .append(c.reason())
                          .append(") ")));
    }
    return Objects.toString(text);
  }
}
