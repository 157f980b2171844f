package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.peers.ServerView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** People who practise at bad moments, in some of the runs: they begin drills and abort them. */
final class DrillOperators {
  private static final ImmutableList<ServerView> ALL_UP =
      ImmutableList.of(new ServerView("10.0.0.1:2281", true, "standalone"));

  private static final ImmutableList<DrillKind> KINDS = ImmutableList.copyOf(DrillKind.values());

  private final World world;
  private final Cluster cluster;
  private final BiConsumer<Daemon, Command> ask;
  private final Chance schedule;
  private boolean away;

  DrillOperators(World world, Cluster cluster, BiConsumer<Daemon, Command> ask) {
    this.world = world;
    this.cluster = cluster;
    this.ask = ask;
    schedule = world.chance("drills", 1);
  }

  void begin() {
    if (cluster.drilling()) {
      next(1);
    }
  }

  void goAway() {
    away = true;
  }

  private void next(long number) {
    world.after(
        schedule.between(5 * World.SECOND, 60 * World.SECOND),
        () -> {
          if (!away) {
            practise(number);
            next(number + 1);
          }
        });
  }

  private void practise(long number) {
    Chance chance = world.chance("drill", number);
    GatewayId gateway = cluster.cells().get(chance.below(cluster.cells().size())).gateway();
    Command command = command(gateway, number, chance);
    if (world.does(new Deed(Deed.Kind.DRILL, number))) {
      whom(gateway, chance)
          .flatMap(Machine::daemon)
          .ifPresent(daemon -> {
            ask.accept(daemon, command);
            if (chance.of(0.1)) {
              ask.accept(daemon, command);
            }
          });
    }
  }

  private Command command(GatewayId gateway, long number, Chance chance) {
    Command.Meta meta =
        new Command.Meta(gateway, "drill-" + number, Epoch.NONE, "simulated", "ops", false);
    boolean aborts = chance.of(0.3);
    DrillPlan plan =
        new DrillPlan(
            KINDS.get(chance.below(KINDS.size())),
            Optional.empty(),
            chance.of(0.5),
            Optional.of(Duration.ofMinutes(1)),
            Optional.of(Duration.ofSeconds(120 + chance.below(60))),
            ImmutableList.of("RECENT_TAKEOVER"));
    Optional<Drill> running = cluster.ensemble().drill(gateway).underWay();
    return running.isPresent() && aborts
        ? new Command.AbortDrill(meta, running.get().id())
        : new Command.StartDrill(meta, plan, ALL_UP);
  }

  /** Mostly of the leader, as a client does that was told who leads. */
  private Optional<Machine> whom(GatewayId gateway, Chance chance) {
    List<Machine> machines = cluster.machines();
    Machine any = machines.get(chance.below(machines.size()));
    return chance.of(0.2)
        ? Optional.of(any)
        : cluster.ensemble().claim(gateway).map(claim -> cluster.machine(claim.node()));
  }

  /** Drills that have not ended although their time is over, by the clock of the world. */
  boolean overdue(GatewayId gateway, Duration grace) {
    return cluster
        .ensemble()
        .drill(gateway)
        .underWay()
        .filter(drill -> drill.deadline().plus(grace).isBefore(world.wall()))
        .isPresent();
  }

  /** One is under way whose deadline comes within that time. */
  boolean endsWithin(GatewayId gateway, Duration time) {
    return cluster
        .ensemble()
        .drill(gateway)
        .underWay()
        .filter(drill -> drill.deadline().isBefore(world.wall().plus(time)))
        .isPresent();
  }
}
