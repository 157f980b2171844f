package io.understudy.node.sim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import io.understudy.node.core.drill.DrillSettings;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** A cluster drawn by chance: its machines, usernames, ensemble, and who watches over it. */
final class Cluster {
  private static final int[] SESSION_TIMEOUTS = {2, 4, 6, 6, 6, 10, 20, 30, 60};

  /** In how many of the runs: with a probe a second a run takes half as many passes again. */
  private static final double WATCHING = 1.0 / 6;

  /** In how many of the runs somebody practises. */
  private static final double DRILLING = 1.0 / 10;

  private static final ImmutableList<String> GATEWAYS = ImmutableList.of("live", "paper", "test");
  private static final ImmutableList<SecondFactorKind> SECOND_FACTORS =
      ImmutableList.of(
          SecondFactorKind.TOTP,
          SecondFactorKind.TOTP,
          SecondFactorKind.TOTP,
          SecondFactorKind.NONE,
          SecondFactorKind.PUSH,
          SecondFactorKind.OPERATOR);

  private final World world;
  private final Judge judge;
  private final Coverage coverage;
  private final Ensemble ensemble;
  private final LeaseTimings lease;
  private final boolean watching;
  private final boolean drilling;
  private final ImmutableList<CellSettings> cells;
  private final ImmutableMap<GatewayId, CellSettings> cellById;
  private final ImmutableMap<GatewayId, Username> usernames;
  private final ImmutableList<Machine> machines;
  private final ImmutableMap<NodeId, Machine> machineById;
  private int lives;
  private long transitions;
  private BiConsumer<Machine, Long> transitioned = (_, _) -> {};
  private BiConsumer<Machine, Long> decisive = (_, _) -> {};

  /** The login page is not the page we know. */
  boolean pageChanged;

  Cluster(World world, Coverage coverage, Plan plan) {
    this.world = world;
    this.coverage = coverage;
    judge = new Judge(world, this);
    Chance chance = world.chance("cluster", 0);
    Duration sessionTimeout =
        plan.cells().isPresent()
            ? Duration.ofSeconds(6)
            : Duration.ofSeconds(SESSION_TIMEOUTS[chance.below(SESSION_TIMEOUTS.length)]);
    lease = LeaseTimings.of(sessionTimeout);
    watching = world.chance("watching", 0).of(WATCHING);
    drilling = plan.cells().isEmpty() && world.chance("drilling", 0).of(DRILLING);
    int nodes = chance.of(0.6) ? 2 : 3 + chance.below(3);
    int gateways = chance.of(0.65) ? 1 : 2 + chance.below(2);
    cells =
        plan.cells().isPresent()
            ? IntStream.rangeClosed(1, plan.cells().getAsInt())
                .mapToObj(i -> usual(new GatewayId("g%04d".formatted(i))))
                .collect(ImmutableList.toImmutableList())
            : IntStream.range(0, gateways)
                .mapToObj(i -> cellSettings(chance, new GatewayId(GATEWAYS.get(i))))
                .collect(ImmutableList.toImmutableList());
    cellById = Maps.uniqueIndex(cells, CellSettings::gateway);
    usernames =
        cells.stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    CellSettings::gateway,
                    cell -> new Username(world, cell.gateway(), cell.secondFactor())));
    ensemble = new Ensemble(world, judge, sessionTimeout, ImmutableList.copyOf(usernames.keySet()));
    machines =
        IntStream.range(0, plan.nodes().orElse(nodes))
            .mapToObj(i -> newMachine(new NodeId("node-" + (char) ('a' + i)), i))
            .collect(ImmutableList.toImmutableList());
    machineById = Maps.uniqueIndex(machines, Machine::id);
  }

  private static CellSettings cellSettings(Chance chance, GatewayId gateway) {
    return new CellSettings(
        gateway,
        SECOND_FACTORS.get(chance.below(SECOND_FACTORS.size())),
        chance.of(0.7) ? CellSettings.CompetingPolicy.RETAKE : CellSettings.CompetingPolicy.YIELD,
        chance.of(0.8),
        Duration.ofSeconds(5 + chance.below(15)),
        Duration.ofMillis(500 + chance.below(3_500)),
        1 + chance.below(4),
        Duration.ofSeconds(1 + chance.below(5)),
        Duration.ofSeconds(6),
        3,
        ImmutableList.of(),
        DrillSettings.DEFAULT.withMeans(true, true));
  }

  /** The product's defaults, with a look at the gateway every five seconds. */
  private static CellSettings usual(GatewayId gateway) {
    return new CellSettings(
        gateway,
        SecondFactorKind.TOTP,
        CellSettings.CompetingPolicy.RETAKE,
        true,
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        3,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        3,
        ImmutableList.of());
  }

  private Machine newMachine(NodeId id, int number) {
    return new Machine(
        world,
        id,
        world.chance("machine", number),
        machine ->
            usernames.values().stream()
                .collect(
                    ImmutableMap.toImmutableMap(
                        username -> username.gateway,
                        username -> new GatewayProgram(world, machine, username))));
  }

  /** Whether probes of peers leave their node; where they do not, no probe ever ends. */
  boolean watching() {
    return watching;
  }

  /** Whether drills are practised in this run. */
  boolean drilling() {
    return drilling;
  }

  /** A cell of that machine has changed its phase. */
  void transitioned(Machine machine) {
    transitions++;
    transitioned.accept(machine, machine.nextTransition());
  }

  /** Told of each phase change, after it, with a number of its own. */
  void onTransition(BiConsumer<Machine, Long> listener) {
    transitioned = listener;
  }

  /**
   * Something decisive is about to happen on that machine, or has just happened: a submission, the
   * end of a gateway or of a place in an election.
   */
  void decisive(Machine machine) {
    decisive.accept(machine, machine.nextMoment());
  }

  /** Told of each such moment, in the middle of it, with a number of its own. */
  void onDecisive(BiConsumer<Machine, Long> listener) {
    decisive = listener;
  }

  long transitions() {
    return transitions;
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
    return Optional.ofNullable(cellById.get(gateway)).orElseThrow();
  }

  ImmutableMap<GatewayId, Username> usernames() {
    return usernames;
  }

  ImmutableList<Machine> machines() {
    return machines;
  }

  Machine machine(NodeId id) {
    return Optional.ofNullable(machineById.get(id)).orElseThrow();
  }

  /** Calls of one peer reach the other. */
  boolean reaches(Machine from, Machine to) {
    return from.reaches && to.reachable && !from.asleep() && !to.asleep();
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
