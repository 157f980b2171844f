package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.GatewayId;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One run: first anything may fail and nothing unsafe may happen; then faults end and it must
 * serve.
 */
final class Simulation {
  private static final long TROUBLED = 600 * World.SECOND;
  private static final long RECOVERY_MAX = 300 * World.SECOND;

  /** The longest drill of a run, and its end. */
  private static final Duration DRILL_MAX = Duration.ofMinutes(4);

  /** Until whoever leads then has written its end. */
  private static final Duration DRILL_GRACE = Duration.ofMinutes(1);

  private final Plan plan;
  private final World world;
  private final Cluster cluster;
  private final Nemesis nemesis;
  private final Operators operators;
  private final DrillOperators drills;

  Simulation(Plan plan, Coverage coverage) {
    this.plan = plan;
    world = new World(plan);
    cluster = new Cluster(world, coverage, plan);
    operators = new Operators(world, cluster);
    nemesis = new Nemesis(world, cluster, operators::interfere);
    drills = new DrillOperators(world, cluster, operators::ask);
  }

  /** What a run was. */
  record Run(
      long hash,
      long nanos,
      long events,
      long passes,
      long submissions,
      long transitions,
      long excused) {}

  /** What went wrong in a run, when, and what had been done to the cluster until then. */
  static final class Failure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final transient Plan plan;
    private final String what;
    private final String sentence;
    private final long nanos;
    private final transient ImmutableList<Deed> deeds;
    private final transient ImmutableList<String> lines;

    Failure(Plan plan, String what, World world, Throwable cause) {
      super(
          "seed "
              + plan.seed()
              + ": "
              + cause
              + "\n  repeat with: ./ops/simulate --seed "
              + plan.seed(),
          cause);
      this.plan = plan;
      this.what = what;
      sentence = String.valueOf(cause.getMessage());
      nanos = world.now();
      deeds = ImmutableList.copyOf(world.deeds());
      lines = ImmutableList.copyOf(world.lines());
    }

    Plan plan() {
      return plan;
    }

    /** The promise, or the kind of the exception. */
    String what() {
      return what;
    }

    /** What was seen, in one sentence. */
    String sentence() {
      return sentence;
    }

    long nanos() {
      return nanos;
    }

    ImmutableList<Deed> deeds() {
      return deeds;
    }

    ImmutableList<String> lines() {
      return lines;
    }
  }

  /** Runs to the end, or fails with a {@link Failure}. */
  Run run() {
    try {
      Chance begin = world.chance("begin", 0);
      cluster
          .machines()
          .forEach(
              machine -> world.after(begin.millis(0, 3_000), () -> startUnlessStarted(machine)));
      nemesis.begin();
      operators.begin();
      drills.begin();
      until(troubled());
      nemesis.mendEverything();
      operators.goAway();
      drills.goAway();
      settle(false);
      operators.help();
      settle(true);
      if (cluster.drilling()) {
        endDrills();
        settle(true);
      }
      return new Run(
          world.hash(),
          world.now(),
          world.events(),
          cluster.judge().passes(),
          cluster.judge().logins(),
          cluster.transitions(),
          cluster.judge().excused());
    } catch (PromiseBroken broken) {
      throw new Failure(plan, broken.promise().toString(), world, broken);
    } catch (RuntimeException | AssertionError bug) {
      throw new Failure(plan, bug.getClass().getSimpleName(), world, bug);
    }
  }

  /** How often each promise was looked at so far. */
  Tally checks() {
    return cluster.judge().checks();
  }

  private void startUnlessStarted(Machine machine) {
    if (machine.daemon().isEmpty()) {
      cluster.start(machine);
    }
  }

  /** Ten minutes, or a hundred session timeouts where those are longer. */
  private long troubled() {
    return plan.troubled()
        .orElse(Math.max(TROUBLED, 100 * cluster.lease().sessionTimeout().toNanos()));
  }

  private void until(long time) {
    Judge judge = cluster.judge();
    while (world.step(time)) {
      judge.check();
    }
  }

  /** Runs until every gateway has come to rest, at most for the time that recovery may take. */
  private void settle(boolean mustServe) {
    cluster.judge().looks(Promise.LIVENESS);
    long max = RECOVERY_MAX + 5 * cluster.lease().sessionTimeout().toNanos();
    long end = world.now() + max;
    while (world.now() < end) {
      until(world.now() + World.SECOND);
      if (cluster.usernames().keySet().stream().allMatch(g -> atRest(g, mustServe))) {
        return;
      }
    }
    throw new PromiseBroken(
        Promise.LIVENESS,
        (mustServe ? "although an operator did what was asked, " : "")
            + "no recovery within "
            + max / World.SECOND
            + " s of the last fault: "
            + phases());
  }

  /**
   * No drill outlives its deadline. One whose deadline was reckoned by a clock that ran far ahead
   * is left to run.
   */
  private void endDrills() {
    cluster.judge().looks(Promise.DRILL_BOUNDED);
    long end = world.now() + DRILL_MAX.toNanos();
    while (world.now() < end
        && gateways().anyMatch(gateway -> drills.endsWithin(gateway, DRILL_MAX))) {
      until(world.now() + World.SECOND);
      Optional<GatewayId> overdue =
          gateways().filter(gateway -> drills.overdue(gateway, DRILL_GRACE)).findFirst();
      if (overdue.isPresent()) {
        throw new PromiseBroken(
            Promise.DRILL_BOUNDED,
            "the drill of "
                + overdue.get()
                + " is not over: "
                + cluster.ensemble().drill(overdue.get()));
      }
    }
  }

  private Stream<GatewayId> gateways() {
    return cluster.usernames().keySet().stream();
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
          boolean open = daemon.edges().forwards(gateway);
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
