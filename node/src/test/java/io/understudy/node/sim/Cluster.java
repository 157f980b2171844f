package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A cluster drawn by chance: its machines, usernames, ensemble, and who watches over it. */
final class Cluster {
  private final World world;
  private final Judge judge;
  private final Coverage coverage;
  private final Ensemble ensemble;
  private final LeaseTimings lease;
  private final ImmutableList<CellSettings> cells;
  private final ImmutableMap<GatewayId, Username> usernames;
  private final ImmutableList<Machine> machines;
  private int lives;
  private Consumer<Machine> transitioned = _ -> {};

  /** The login page is not the page we know. */
  boolean pageChanged;

  Cluster(World world, Coverage coverage) {
    this.world = world;
    this.coverage = coverage;
    judge = new Judge(world, this);
    Duration sessionTimeout = Duration.ofSeconds(new int[] {2, 4, 6, 6, 10}[world.below(5)]);
    lease = LeaseTimings.of(sessionTimeout);
    ImmutableList<GatewayId> gateways =
        world.chance(0.3)
            ? ImmutableList.of(new GatewayId("live"), new GatewayId("paper"))
            : ImmutableList.of(new GatewayId("live"));
    cells = gateways.stream().map(this::cellSettings).collect(ImmutableList.toImmutableList());
    usernames =
        cells.stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    CellSettings::gateway,
                    cell -> new Username(world, cell.gateway(), cell.secondFactor())));
    ensemble = new Ensemble(world, judge, sessionTimeout, gateways);
    ImmutableList.Builder<Machine> all = ImmutableList.builder();
    int nodes = world.chance(0.3) ? 3 : 2;
    for (int i = 0; i < nodes; i++) {
      all.add(newMachine(new NodeId("node-" + (char) ('a' + i))));
    }
    machines = all.build();
  }

  private CellSettings cellSettings(GatewayId gateway) {
    SecondFactorKind[] kinds = {
      SecondFactorKind.TOTP,
      SecondFactorKind.TOTP,
      SecondFactorKind.TOTP,
      SecondFactorKind.NONE,
      SecondFactorKind.PUSH,
      SecondFactorKind.OPERATOR
    };
    return new CellSettings(
        gateway,
        kinds[world.below(kinds.length)],
        world.chance(0.7)
            ? CellSettings.CompetingPolicy.RETAKE
            : CellSettings.CompetingPolicy.YIELD,
        world.chance(0.8),
        Duration.ofSeconds(5 + world.below(15)),
        Duration.ofMillis(500 + world.below(1_000)),
        1 + world.below(4),
        Duration.ofSeconds(1 + world.below(5)),
        Duration.ofSeconds(6),
        3,
        ImmutableList.of());
  }

  private Machine newMachine(NodeId id) {
    return new Machine(
        world,
        id,
        world.below(4_001) - 2_000,
        Duration.ofMillis(world.below(2_001) - 1_000),
        usernames.values().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    username -> username.gateway,
                    username -> new GatewayProgram(world, id, username))));
  }

  /** Told of each phase change, after it. */
  Consumer<Machine> transitioned() {
    return transitioned;
  }

  void onTransition(Consumer<Machine> listener) {
    transitioned = listener;
  }

  Judge judge() {
    return judge;
  }

  Coverage coverage() {
    return coverage;
  }

  Ensemble ensemble() {
    return ensemble;
  }

  LeaseTimings lease() {
    return lease;
  }

  ImmutableList<CellSettings> cells() {
    return cells;
  }

  CellSettings cell(GatewayId gateway) {
    return cells.stream().filter(c -> c.gateway().equals(gateway)).findFirst().orElseThrow();
  }

  ImmutableMap<GatewayId, Username> usernames() {
    return usernames;
  }

  ImmutableList<Machine> machines() {
    return machines;
  }

  Machine machine(NodeId id) {
    return machines.stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
  }

  boolean peersConnected(Machine from, Machine to) {
    return from.reachable && to.reachable;
  }

  /** A new life on that machine. */
  void start(Machine machine) {
    lives++;
    NodeSettings settings =
        new NodeSettings(
            machine.id(),
            new InstanceId("life-" + lives),
            machine.id() + ":7443",
            "simulated",
            lease,
            cells);
    machine.daemon(Optional.of(new Daemon(world, this, machine, settings)));
  }
}
