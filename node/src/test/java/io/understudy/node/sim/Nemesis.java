package io.understudy.node.sim;

import io.understudy.node.core.failover.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Plays faults, a different choice of them in each run, and mends them all at the end. Each fault
 * has a number and a stream of chance of its own, so that a run can be repeated without it.
 */
final class Nemesis {
  private record Fault(String name, Consumer<Chance> deed) {}

  private final World world;
  private final Cluster cluster;
  private final long sessionTimeout;
  private final Chance schedule;
  private final Traps traps;
  private final List<Fault> faults = new ArrayList<>();

  private final BiConsumer<Machine, Chance> interfere;
  private long pauseMax;
  private boolean stopped;

  /**
   * @param interfere an operator's command at a bad moment
   */
  Nemesis(World world, Cluster cluster, BiConsumer<Machine, Chance> interfere) {
    this.world = world;
    this.cluster = cluster;
    this.interfere = interfere;
    sessionTimeout = cluster.lease().sessionTimeout().toNanos();
    schedule = world.chance("nemesis", 0);
    traps = new Traps(world, cluster, this);
  }

  /** Draws the faults of this run and begins. */
  void begin() {
    offerNetwork();
    offerProcesses();
    offerBroker();
    world.note(() -> "faults of this run: " + faults.stream().map(Fault::name).toList());
    // A long session timeout makes everything slower: faults too, else nothing else would happen.
    double pace = Math.max(1, sessionTimeout / 6.0 / World.SECOND);
    pauseMax = (long) (pace * schedule.between(4 * World.SECOND, 60 * World.SECOND));
    if (!faults.isEmpty()) {
      next(1);
    }
    if (schedule.of(0.5)) {
      double hostility = 0.15 * schedule.below(100) / 100;
      cluster.onTransition((machine, number) -> meddle(machine, number, hostility));
    }
    new Ambush(world, cluster, this).begin();
    traps.begin();
  }

  private void offerNetwork() {
    offer("cut", chance -> link(machine(chance), Link.CUT, chance));
    offer("isolate", chance -> link(machine(chance), Link.ISOLATED_SERVER, chance));
    offer("deaf", chance -> link(machine(chance), Link.DEAF, chance));
    offer("mute", chance -> link(machine(chance), Link.MUTE, chance));
    offer(
        "slow", chance -> during(machine(chance), chance, m -> m.slow = true, m -> m.slow = false));
    offer("reset", chance -> machine(chance).daemon().ifPresent(daemon -> daemon.client().reset()));
    offer("noAnswer", chance -> traps.set(machine(chance), chance));
    offer("quorum", this::quorum);
    offer("ensembleLeader", this::ensembleLeader);
    offer(
        "peers",
        chance ->
            during(machine(chance), chance, m -> m.reachable = false, m -> m.reachable = true));
    offer(
        "peersOneWay",
        chance -> during(machine(chance), chance, m -> m.reaches = false, m -> m.reaches = true));
  }

  private void offerProcesses() {
    offer("freeze", chance -> pause(machine(chance), chance, Machine::freeze));
    offer("sleep", chance -> pause(machine(chance), chance, Machine::sleep));
    offer("kill", chance -> kill(machine(chance), chance));
    offer("host", chance -> host(machine(chance), chance));
    offer("stop", chance -> stop(machine(chance), chance));
    offer("programDies", chance -> program(chance).end());
    offer("programHangs", this::hang);
    offer(
        "startsSlowly",
        chance ->
            during(
                program(chance), chance, p -> p.startsSlowly = true, p -> p.startsSlowly = false));
    offer(
        "fencesFail",
        chance -> during(machine(chance), chance, m -> m.fencesFail = true, this::fencesWork));
    offer("clock", this::clock);
    offer("ticketLost", this::loseTicket);
    offer("stray", chance -> program(chance).stray());
    offer("insists", chance -> program(chance).ownTickleFails());
  }

  private void offerBroker() {
    offer("human", this::human);
    offer("drop", chance -> username(chance).drop());
    offer(
        "signOff",
        chance -> cluster.machines().forEach(machine -> program(machine, chance).signedOff()));
    offer(
        "ibkrDown",
        chance -> during(username(chance), chance, u -> u.up = false, u -> u.up = true));
    offer(
        "wrongPassword",
        chance ->
            during(
                username(chance),
                chance,
                u -> u.wrongPassword = true,
                u -> u.wrongPassword = false));
    offer(
        "wrongSecret",
        chance ->
            during(
                username(chance), chance, u -> u.wrongSecret = true, u -> u.wrongSecret = false));
    offer(
        "missesFactor",
        chance ->
            during(
                username(chance), chance, u -> u.missesFactor = true, u -> u.missesFactor = false));
    offer(
        "neverEstablishes",
        chance ->
            during(
                username(chance),
                chance,
                u -> u.neverEstablishes = true,
                u -> u.neverEstablishes = false));
    offer(
        "positions",
        chance ->
            during(
                username(chance),
                chance,
                u -> u.positionsDiffer = true,
                u -> u.positionsDiffer = false));
    offer(
        "positionsSlow",
        chance ->
            during(
                username(chance),
                chance,
                u -> u.positionsSlow = true,
                u -> u.positionsSlow = false));
    offer("locked", this::lock);
    offer(
        "page",
        chance -> during(cluster, chance, c -> c.pageChanged = true, c -> c.pageChanged = false));
  }

  private void offer(String name, Consumer<Chance> fault) {
    if (schedule.of(0.35)) {
      faults.add(new Fault(name, fault));
    }
  }

  private void next(long number) {
    world.after(
        schedule.between(0, pauseMax),
        () -> {
          if (!stopped) {
            Chance chance = world.chance("fault", number);
            Fault fault = faults.get(chance.below(faults.size()));
            if (world.does(new Deed(Deed.Kind.FAULT, number))) {
              world.note(() -> "fault " + number + " " + fault.name);
              fault.deed.accept(chance);
              if (chance.of(0.3)) {
                traps.set(machine(chance), chance);
              }
              if (chance.of(0.3)) {
                traps.setForWrite(machine(chance), chance);
              }
            }
            next(number + 1);
          }
        });
  }

  /** A fault just where something has begun to change. */
  private void meddle(Machine machine, long number, double hostility) {
    Chance chance = world.chance("strike", number);
    if (stopped || !chance.of(hostility)) {
      return;
    }
    Deed deed = new Deed(Deed.Kind.STRIKE, number);
    if (chance.of(0.3)) {
      // The news of the change goes out at once: the network fails right after it.
      if (world.does(deed)) {
        traps.set(machine, chance);
      }
      return;
    }
    world.after(
        chance.millis(0, 400),
        () -> {
          if (!stopped && world.does(deed)) {
            world.note(() -> "strike " + number + " at " + machine.id());
            strike(machine, chance);
          }
        });
  }

  void strike(Machine machine, Chance chance) {
    switch (chance.below(14)) {
      case 0 -> link(machine, Link.CUT, chance);
      case 1 -> link(machine, Link.ISOLATED_SERVER, chance);
      case 2 -> pause(machine, chance, Machine::freeze);
      case 3 -> kill(machine, chance);
      case 4, 5 -> machine.daemon().ifPresent(daemon -> daemon.client().reset());
      case 6 -> stop(machine, chance);
      case 7, 8 -> interfere.accept(machine, chance);
      case 9 -> link(machine, Link.DEAF, chance);
      case 10 -> host(machine, chance);
      case 11 -> traps.set(machine, chance);
      case 12 -> traps.setForWrite(machine, chance);
      default -> program(machine, chance).end();
    }
  }

  // ---- whom

  private Machine machine(Chance chance) {
    List<Machine> all = cluster.machines();
    return all.get(chance.below(all.size()));
  }

  private Username username(Chance chance) {
    List<Username> all = cluster.usernames().values().asList();
    return all.get(chance.below(all.size()));
  }

  private GatewayProgram program(Chance chance) {
    return program(machine(chance), chance);
  }

  static GatewayProgram program(Machine machine, Chance chance) {
    List<GatewayProgram> all = machine.programs().values().asList();
    return all.get(chance.below(all.size()));
  }

  // ---- the network and the ensemble

  private <T> void during(T whom, Chance chance, Consumer<T> begin, Consumer<T> end) {
    begin.accept(whom);
    world.after(chance.millis(500, 60_000), () -> end.accept(whom));
  }

  void link(Machine machine, Link how, Chance chance) {
    machine.link(how);
    world.after(
        chance.between(sessionTimeout / 20, 3 * sessionTimeout), () -> machine.link(Link.UP));
  }

  private void quorum(Chance chance) {
    loseQuorum(chance.between(sessionTimeout / 20, 2 * sessionTimeout));
  }

  /** Its leader dies: an election, during which everybody is disconnected. */
  private void ensembleLeader(Chance chance) {
    loseQuorum(chance.millis(200, 2_500));
    for (Machine machine : cluster.machines()) {
      machine.daemon().ifPresent(daemon -> daemon.client().reset());
    }
  }

  void loseQuorum(long nanos) {
    cluster.ensemble().loseQuorum();
    world.after(
        nanos,
        () -> {
          if (!cluster.ensemble().quorum()) {
            cluster.ensemble().regainQuorum();
          }
        });
  }

  /** Somebody deletes the first entry of an election, whose session lives on. */
  private void loseTicket(Chance chance) {
    cluster.judge().ticketsGetLost();
    cluster.ensemble().loseTicket(username(chance).gateway);
  }

  // ---- processes and machines

  void pause(Machine machine, Chance chance, Consumer<Machine> how) {
    if (!machine.frozen()) {
      how.accept(machine);
      world.after(
          chance.between(sessionTimeout / 50, chance.of(0.5) ? sessionTimeout : 3 * sessionTimeout),
          machine::thaw);
    }
  }

  /** The daemon dies; its gateways die with it, as a service manager sees to, or live on. */
  private void kill(Machine machine, Chance chance) {
    machine
        .daemon()
        .ifPresent(daemon -> {
          daemon.die();
          if (chance.of(0.6)) {
            machine.programs().values().forEach(GatewayProgram::end);
            if (chance.of(0.5)) {
              undertake(machine, daemon.client().session(), chance);
            }
          }
          startLater(machine, chance);
        });
  }

  /** The undertaker has seen that nothing of the dead daemon is left, and closes its session. */
  private void undertake(Machine machine, Ensemble.Session session, Chance chance) {
    world.after(
        chance.millis(20, 1_000),
        () -> {
          if (machine.link() == Link.UP && cluster.ensemble().quorum() && !machine.asleep()) {
            world.note(() -> machine.id() + " undertaker closes session " + session.id);
            cluster.ensemble().end(session);
          }
        });
  }

  /** The whole machine is gone, and comes back with a clock that begins anew. */
  private void host(Machine machine, Chance chance) {
    machine
        .daemon()
        .ifPresent(daemon -> {
          world.note(() -> machine.id() + " host lost");
          daemon.die();
          machine.programs().values().forEach(GatewayProgram::end);
          startLater(machine, chance);
        });
  }

  private void startLater(Machine machine, Chance chance) {
    world.after(
        chance.millis(200, 20_000),
        () -> {
          if (machine.daemon().isEmpty()) {
            cluster.start(machine);
          }
        });
  }

  private void stop(Machine machine, Chance chance) {
    machine
        .daemon()
        .ifPresent(daemon -> {
          world.note(() -> machine.id() + " asked to stop");
          daemon.observe(new Observation.StopRequested());
          world.after(
              45 * World.SECOND,
              () -> {
                if (daemon.alive()) {
                  daemon.die();
                  machine.programs().values().forEach(GatewayProgram::end);
                }
                startLater(machine, chance);
              });
        });
  }

  private void hang(Chance chance) {
    GatewayProgram program = program(chance);
    program.hung = true;
    world.after(chance.millis(300, 30_000), () -> program.hung = false);
  }

  private void clock(Chance chance) {
    Machine machine = machine(chance);
    boolean far = chance.of(0.3);
    machine.wallOffset =
        far
            ? Duration.ofHours(chance.of(0.5) ? 1 : -1)
            : chance.of(0.3)
                ? Duration.ofSeconds(chance.of(0.5) ? 45 : -45)
                : Duration.ofMillis(chance.below(8_001) - 4_000);
    world.after(chance.millis(1_000, 60_000), () -> machine.wallOffset = Duration.ZERO);
  }

  private void fencesWork(Machine machine) {
    machine.fencesFail = false;
    machine.thawedAt = world.now();
  }

  // ---- the broker

  private void human(Chance chance) {
    Username username = username(chance);
    username.takenByHuman();
    world.after(chance.millis(1_000, 60_000), username::humanLeaves);
  }

  private void lock(Chance chance) {
    Username username = username(chance);
    long seconds = chance.of(0.7) ? 20 + chance.below(60) : 12 * 3600;
    username.lockedUntil = Optional.of(username.wall().plusSeconds(seconds));
  }

  // ---- the end of all faults

  boolean stopped() {
    return stopped;
  }

  void mendEverything() {
    world.note(() -> "all faults end");
    stopped = true;
    if (!cluster.ensemble().quorum()) {
      cluster.ensemble().regainQuorum();
    }
    cluster.pageChanged = false;
    for (Username username : cluster.usernames().values()) {
      username.up = true;
      username.wrongPassword = false;
      username.wrongSecret = false;
      username.missesFactor = false;
      username.neverEstablishes = false;
      username.positionsDiffer = false;
      username.positionsSlow = false;
      username.lockedUntil = Optional.empty();
      username.succeeded();
      username.humanLeaves();
    }
    cluster.machines().forEach(this::mend);
  }

  private void mend(Machine machine) {
    machine.link(Link.UP);
    machine.reachable = true;
    machine.reaches = true;
    machine.slow = false;
    machine.touchesSlow = false;
    machine.nextRequestLate(0);
    machine.nextAnswerLate(0);
    if (machine.fencesFail) {
      fencesWork(machine);
    }
    if (machine.frozen()) {
      machine.thaw();
    }
    machine.wallOffset = Duration.ZERO;
    for (GatewayProgram program : machine.programs().values()) {
      program.hung = false;
      program.startsSlowly = false;
    }
    if (machine.daemon().isEmpty()) {
      cluster.start(machine);
    }
  }
}
