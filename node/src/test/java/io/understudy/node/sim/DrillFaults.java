package io.understudy.node.sim;

import io.understudy.node.core.failover.Effect;

/**
 * The faults that a daemon makes to itself in a drill: played as the edges and the service manager
 * do, with chances of their own.
 */
final class DrillFaults {
  private final World world;
  private final Cluster cluster;
  private final Daemon daemon;
  private final Chance chance;

  DrillFaults(World world, Cluster cluster, Daemon daemon) {
    this.world = world;
    this.cluster = cluster;
    this.daemon = daemon;
    chance = world.chance("drill faults " + daemon.id(), world.now());
  }

  void inject(Effect.InjectFault fault) {
    daemon.later(
        chance.millis(0, 30),
        () -> {
          if (!daemon.permits(fault.gateway(), fault.epoch())) {
            daemon.finish(fault.id(), false);
            return;
          }
          world.note(() -> daemon.id() + " makes the fault of a drill " + fault);
          cluster.judge().drills().injected(daemon, fault);
          if (chance.of(0.05)) {
            daemon.finish(fault.id(), false);
            return;
          }
          make(fault);
        });
  }

  private void make(Effect.InjectFault fault) {
    Machine machine = daemon.machine();
    switch (fault.kind()) {
      case GATEWAY_CRASH -> {
        machine.program(fault.gateway()).end();
        daemon.finish(fault.id(), true);
      }
      case PARTITION -> {
        cut(machine, true);
        world.after(fault.lasting().toNanos(), () -> cut(machine, false));
        daemon.finish(fault.id(), true);
      }
      case CRASH -> {
        daemon.die();
        machine.programs().values().forEach(GatewayProgram::end);
        world.after(
            chance.millis(800, 4_000),
            () -> {
              if (machine.daemon().isEmpty()) {
                cluster.start(machine);
              }
            });
      }
      case SWITCHOVER, LOGIN_ONLY ->
          throw new IllegalStateException("no fault to make: " + fault.kind());
    }
  }

  private static void cut(Machine machine, boolean cut) {
    machine.link(cut ? Link.CUT : Link.UP);
    machine.reachable = !cut;
    machine.reaches = !cut;
  }
}
