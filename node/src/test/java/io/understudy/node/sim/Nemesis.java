package io.understudy.node.sim;

import io.understudy.node.core.failover.Observation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Plays faults, a different choice of them in each run, and mends them all at the end. */
final class Nemesis {
  private final World world;
  private final Cluster cluster;
  private final long sessionTimeout;
  private final List<Runnable> faults = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private long pauseMax;
  private Consumer<Machine> interfere = _ -> {};
  private boolean stopped;

  Nemesis(World world, Cluster cluster) {
    this.world = world;
    this.cluster = cluster;
    sessionTimeout = cluster.lease().sessionTimeout().toNanos();
  }

  /**
   * Draws the faults of this run and begins.
   *
   * @param interfere an operator's command at a bad moment
   */
  void begin(Consumer<Machine> interfere) {
    this.interfere = interfere;
    offer("cut", () -> link(machine(), Link.CUT));
    offer("isolate", () -> link(machine(), Link.ISOLATED_SERVER));
    offer("reset", () -> daemon().ifPresent(d -> d.client().reset()));
    offer("quorum", this::quorum);
    offer("freeze", () -> freeze(machine()));
    offer("kill", () -> kill(machine()));
    offer("stop", () -> stop(machine()));
    offer("programDies", () -> program().end());
    offer("programHangs", this::hang);
    offer("human", this::human);
    offer("drop", () -> username().drop());
    offer("signOff", () -> cluster.machines().forEach(m -> program(m).signedOff()));
    offer("ibkrDown", () -> during(username(), u -> u.up = false, u -> u.up = true));
    offer(
        "wrongPassword",
        () -> during(username(), u -> u.wrongPassword = true, u -> u.wrongPassword = false));
    offer(
        "wrongSecret",
        () -> during(username(), u -> u.wrongSecret = true, u -> u.wrongSecret = false));
    offer(
        "missesFactor",
        () -> during(username(), u -> u.missesFactor = true, u -> u.missesFactor = false));
    offer(
        "neverEstablishes",
        () -> during(username(), u -> u.neverEstablishes = true, u -> u.neverEstablishes = false));
    offer(
        "positions",
        () -> during(username(), u -> u.positionsDiffer = true, u -> u.positionsDiffer = false));
    offer(
        "positionsSlow",
        () -> during(username(), u -> u.positionsSlow = true, u -> u.positionsSlow = false));
    offer("stray", () -> program().stray());
    offer("locked", this::lock);
    offer("page", () -> during(cluster, c -> c.pageChanged = true, c -> c.pageChanged = false));
    offer("peers", () -> during(machine(), m -> m.reachable = false, m -> m.reachable = true));
    offer("fencesFail", () -> during(machine(), m -> m.fencesFail = true, this::fencesWork));
    offer("clock", this::clock);
    offer("ticketLost", this::loseTicket);
    offer("insists", () -> program().ownTickleFails());
    pauseMax = world.between(4 * World.SECOND, 60 * World.SECOND);
    world.note(() -> "faults of this run: " + names);
    if (!faults.isEmpty()) {
      next();
    }
    if (world.chance(0.5)) {
      double hostility = 0.15 * world.below(100) / 100;
      cluster.onTransition(machine -> {
        if (!stopped && world.chance(hostility)) {
          world.after(world.millis(0, 400), () -> strike(machine));
        }
      });
    }
  }

  /** A fault just where something has begun to change. */
  private void strike(Machine machine) {
    if (stopped) {
      return;
    }
    world.note(() -> "strikes " + machine.id());
    switch (world.below(9)) {
      case 0 -> link(machine, Link.CUT);
      case 1 -> link(machine, Link.ISOLATED_SERVER);
      case 2 -> freeze(machine);
      case 3 -> kill(machine);
      case 4 -> machine.daemon().ifPresent(d -> d.client().reset());
      case 5 -> stop(machine);
      case 6, 7 -> interfere.accept(machine);
      default -> program(machine).end();
    }
  }

  private void offer(String name, Runnable fault) {
    if (world.chance(0.35)) {
      names.add(name);
      faults.add(() -> {
        world.note(() -> "fault " + name);
        fault.run();
      });
    }
  }

  private void next() {
    world.after(
        world.between(0, pauseMax),
        () -> {
          if (!stopped) {
            faults.get(world.below(faults.size())).run();
            next();
          }
        });
  }

  // ---- whom

  private Machine machine() {
    List<Machine> all = cluster.machines();
    return all.get(world.below(all.size()));
  }

  private Optional<Daemon> daemon() {
    return machine().daemon();
  }

  private Username username() {
    List<Username> all = cluster.usernames().values().asList();
    return all.get(world.below(all.size()));
  }

  private GatewayProgram program() {
    return program(machine());
  }

  private GatewayProgram program(Machine machine) {
    List<GatewayProgram> all = machine.programs().values().asList();
    return all.get(world.below(all.size()));
  }

  // ---- what

  private <T> void during(T whom, Consumer<T> begin, Consumer<T> end) {
    begin.accept(whom);
    world.after(world.millis(500, 60_000), () -> end.accept(whom));
  }

  private void link(Machine machine, Link how) {
    machine.link(how);
    world.after(
        world.between(sessionTimeout / 20, 3 * sessionTimeout), () -> machine.link(Link.UP));
  }

  private void quorum() {
    cluster.ensemble().loseQuorum();
    world.after(
        world.between(sessionTimeout / 20, 2 * sessionTimeout),
        () -> {
          if (!cluster.ensemble().quorum()) {
            cluster.ensemble().regainQuorum();
          }
        });
  }

  private void freeze(Machine machine) {
    if (!machine.frozen()) {
      machine.freeze();
      world.after(
          world.between(
              sessionTimeout / 50, world.chance(0.5) ? sessionTimeout : 3 * sessionTimeout),
          machine::thaw);
    }
  }

  private void kill(Machine machine) {
    machine
        .daemon()
        .ifPresent(daemon -> {
          daemon.die();
          if (world.chance(0.6)) {
            machine.programs().values().forEach(GatewayProgram::end);
          }
          startLater(machine);
        });
  }

  private void startLater(Machine machine) {
    world.after(
        world.millis(200, 20_000),
        () -> {
          if (machine.daemon().isEmpty()) {
            cluster.start(machine);
          }
        });
  }

  private void stop(Machine machine) {
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
                startLater(machine);
              });
        });
  }

  private void hang() {
    GatewayProgram program = program();
    program.hung = true;
    world.after(world.millis(300, 30_000), () -> program.hung = false);
  }

  private void human() {
    Username username = username();
    username.takenByHuman();
    world.after(world.millis(1_000, 60_000), username::humanLeaves);
  }

  private void lock() {
    Username username = username();
    username.lockedUntil = Optional.of(username.wall().plusSeconds(20 + world.below(60)));
  }

  private void clock() {
    Machine machine = machine();
    boolean far = world.chance(0.3);
    machine.wallOffset =
        far
            ? Duration.ofHours(world.chance(0.5) ? 1 : -1)
            : Duration.ofMillis(world.below(8_001) - 4_000);
    world.after(world.millis(1_000, 60_000), () -> machine.wallOffset = Duration.ZERO);
  }

  /** Somebody deletes the first entry of an election, whose session lives on. */
  private void loseTicket() {
    cluster.judge().ticketsGetLost();
    cluster.ensemble().loseTicket(username().gateway);
  }

  private void fencesWork(Machine machine) {
    machine.fencesFail = false;
    machine.thawedAt = world.now();
  }

  // ---- the end of all faults

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
    for (Machine machine : cluster.machines()) {
      machine.link(Link.UP);
      machine.reachable = true;
      if (machine.fencesFail) {
        fencesWork(machine);
      }
      if (machine.frozen()) {
        machine.thaw();
      }
      machine.wallOffset = Duration.ZERO;
      machine.programs().values().forEach(program -> program.hung = false);
      if (machine.daemon().isEmpty()) {
        cluster.start(machine);
      }
    }
  }
}
