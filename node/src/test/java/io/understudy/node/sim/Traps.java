package io.understudy.node.sim;

import io.understudy.node.core.model.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * Faults that wait for a machine's next request to the ensemble, and strike between the request and
 * its answer.
 */
final class Traps {
  /** A sync and a renewal lie between a renewal and the sync of the next one. */
  private static final int UNTIL_NEXT_SYNC = 2;

  private final World world;
  private final Cluster cluster;
  private final Nemesis nemesis;
  private final long sessionTimeout;

  /** Machines whose next write will have no answer. */
  private final Map<NodeId, Chance> set = new HashMap<>();

  /** Machines whose next guarded write gets lost, or its answer. */
  private final Map<NodeId, Chance> setForWrite = new HashMap<>();

  /** After how many more requests the server of such a machine is cut off. */
  private final Map<NodeId, Integer> toIsolate = new HashMap<>();

  Traps(World world, Cluster cluster, Nemesis nemesis) {
    this.world = world;
    this.cluster = cluster;
    this.nemesis = nemesis;
    sessionTimeout = cluster.lease().sessionTimeout().toNanos();
  }

  void begin() {
    cluster.ensemble().onWrite(node -> losesWrite(cluster.machine(node)));
    cluster.ensemble().onCommit(node -> betweenRequestAndAnswer(cluster.machine(node)));
  }

  void set(Machine machine, Chance chance) {
    set.put(machine.id(), chance);
  }

  void setForWrite(Machine machine, Chance chance) {
    setForWrite.put(machine.id(), chance);
  }

  /** A guarded write gets lost, or its answer does; the node cannot tell which. */
  private boolean losesWrite(Machine machine) {
    Chance chance = setForWrite.remove(machine.id());
    if (chance == null || nemesis.stopped()) {
      return false;
    }
    boolean lost = chance.of(0.5);
    world.note(() -> machine.id() + (lost ? " loses a write" : " loses the answer to a write"));
    world.after(0, () -> machine.daemon().ifPresent(daemon -> daemon.client().reset()));
    return lost;
  }

  /** The network fails between a request and its answer, or what the answer proves. */
  private void betweenRequestAndAnswer(Machine machine) {
    Chance chance = set.get(machine.id());
    if (chance == null || nemesis.stopped()) {
      return;
    }
    Integer more = toIsolate.remove(machine.id());
    if (more != null && more > 0) {
      toIsolate.put(machine.id(), more - 1);
      return;
    }
    set.remove(machine.id());
    world.note(() -> "a request of " + machine.id() + " is carried out, and the network fails");
    if (more != null) {
      nemesis.link(machine, Link.ISOLATED_SERVER, chance);
    } else {
      fail(machine, chance);
    }
  }

  private void fail(Machine machine, Chance chance) {
    switch (chance.below(8)) {
      case 0 -> nemesis.link(machine, Link.CUT, chance);
      case 1, 2, 5 -> nemesis.link(machine, Link.ISOLATED_SERVER, chance);
      case 6 -> nemesis.link(machine, Link.DEAF, chance);
      case 3, 4 -> answerLate(machine, chance);
      default -> machine.daemon().ifPresent(daemon -> daemon.client().reset());
    }
  }

  /**
   * The lease counts from the last renewal but one: its answer is late, and often the server is cut
   * off right after the sync behind the next one.
   */
  private void answerLate(Machine machine, Chance chance) {
    machine.nextAnswerLate(chance.between(sessionTimeout / 20, sessionTimeout / 3));
    set(machine, chance);
    if (chance.of(0.5)) {
      toIsolate.put(machine.id(), UNTIL_NEXT_SYNC);
    }
  }
}
