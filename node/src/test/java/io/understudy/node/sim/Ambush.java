package io.understudy.node.sim;

/**
 * Faults in decisive moments: when credentials or a code are about to be submitted; when a logout,
 * a fence or the end of a place in the election is asked for, when it has happened, and when that
 * is about to be known.
 */
final class Ambush {
  private final World world;
  private final Cluster cluster;
  private final Nemesis nemesis;
  private final long sessionTimeout;
  private double hostility;

  Ambush(World world, Cluster cluster, Nemesis nemesis) {
    this.world = world;
    this.cluster = cluster;
    this.nemesis = nemesis;
    sessionTimeout = cluster.lease().sessionTimeout().toNanos();
  }

  /** In half of the runs, more or less often. */
  void begin() {
    Chance chance = world.chance("ambushes", 0);
    if (chance.of(0.5)) {
      hostility = 0.2 * chance.below(100) / 100;
      cluster.onDecisive(this::lieInWait);
    }
  }

  private void lieInWait(Machine machine, long number) {
    Chance chance = world.chance("ambush", number);
    if (nemesis.stopped() || !chance.of(hostility)) {
      return;
    }
    world.after(
        chance.of(0.5) ? 0 : chance.millis(0, 40),
        () -> {
          if (!nemesis.stopped() && world.does(new Deed(Deed.Kind.AMBUSH, number))) {
            world.note(() -> "ambush " + number + " at " + machine.id());
            pounce(machine, chance);
          }
        });
  }

  private void pounce(Machine machine, Chance chance) {
    switch (chance.below(16)) {
      case 0, 1 -> briefly(machine, Link.MUTE, chance);
      case 2, 3 -> briefly(machine, Link.ISOLATED_SERVER, chance);
      case 4 -> briefly(machine, Link.CUT, chance);
      case 5 -> briefly(machine, Link.DEAF, chance);
      case 6, 7, 8 -> nemesis.pause(machine, chance, Machine::freeze);
      case 9 -> nemesis.pause(machine, chance, Machine::sleep);
      case 10 -> nemesis.loseQuorum(chance.between(sessionTimeout / 50, sessionTimeout / 2));
      case 11, 12 -> Nemesis.program(machine, chance).ownTickleFails();
      default -> nemesis.strike(machine, chance);
    }
  }

  /** Often too short for the connection to be given up. */
  private void briefly(Machine machine, Link how, Chance chance) {
    machine.link(how);
    world.after(
        chance.between(sessionTimeout / 50, sessionTimeout / 2),
        () -> {
          if (machine.link() == how) {
            machine.link(Link.UP);
          }
        });
  }
}
