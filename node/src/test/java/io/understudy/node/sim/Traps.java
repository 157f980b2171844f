package io.understudy.node.sim;

import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.model.NodeId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Faults that wait for what a machine asks of the ensemble: between the request and its answer the
 * network fails, or the request itself gets lost.
 */
final class Traps {
  /** Waits for a request, and strikes. */
  private record Step(BiPredicate<Ensemble.Session, Ensemble.Kind> awaited, Runnable deed) {}

  /** When a machine's last two renewals were carried out. */
  private record Renewals(long former, long last) {}

  private final World world;
  private final Cluster cluster;
  private final Nemesis nemesis;
  private final long sessionTimeout;
  private final long renewInterval;
  private final long leaseDuration;

  /** What waits for each machine, one step behind the other. */
  private final Map<NodeId, Deque<Step>> waiting = new HashMap<>();

  /** Machines whose next guarded write gets lost, or its answer. */
  private final Map<NodeId, Chance> writesToLose = new HashMap<>();

  private final Map<NodeId, Renewals> renewals = new HashMap<>();

  Traps(World world, Cluster cluster, Nemesis nemesis) {
    this.world = world;
    this.cluster = cluster;
    this.nemesis = nemesis;
    LeaseTimings lease = cluster.lease();
    sessionTimeout = lease.sessionTimeout().toNanos();
    renewInterval = lease.renewInterval().toNanos();
    leaseDuration = sessionTimeout - lease.safetyMargin().toNanos();
  }

  void begin() {
    cluster.ensemble().onWrite(node -> losesWrite(cluster.machine(node)));
    cluster.ensemble().onCommit(this::betweenRequestAndAnswer);
  }

  void setForWrite(Machine machine, Chance chance) {
    writesToLose.put(machine.id(), chance);
  }

  /** A guarded write gets lost, or its answer does; the node cannot tell which. */
  private boolean losesWrite(Machine machine) {
    Chance chance = writesToLose.remove(machine.id());
    if (chance == null || nemesis.stopped()) {
      return false;
    }
    boolean lost = chance.of(0.5);
    world.note(() -> machine.id() + (lost ? " loses a write" : " loses the answer to a write"));
    world.after(0, () -> machine.daemon().ifPresent(daemon -> daemon.client().reset()));
    return lost;
  }

  private void betweenRequestAndAnswer(Ensemble.Session session, Ensemble.Kind request) {
    NodeId node = session.node;
    if (request == Ensemble.Kind.RENEWAL) {
      renewals.merge(
          node,
          new Renewals(Long.MIN_VALUE, world.now()),
          (before, now) -> new Renewals(before.last, now.last));
    }
    Deque<Step> steps = waiting.get(node);
    if (steps != null && !nemesis.stopped() && steps.getFirst().awaited.test(session, request)) {
      world.note(() -> "a " + request + " of " + node + " is carried out, and a trap shuts");
      Step step = steps.removeFirst();
      if (steps.isEmpty()) {
        waiting.remove(node);
      }
      step.deed.run();
    }
  }

  /** Before the next answer the network fails; half of them know the arithmetic of the lease. */
  void set(Machine machine, Chance chance) {
    List<Step> steps =
        switch (chance.below(8)) {
          case 0 -> List.of(atNext(() -> nemesis.link(machine, Link.CUT, chance)));
          case 1 -> List.of(atNext(() -> nemesis.link(machine, Link.ISOLATED_SERVER, chance)));
          case 2 -> List.of(atNext(() -> nemesis.link(machine, Link.DEAF, chance)));
          case 3 ->
              List.of(atNext(() -> machine.daemon().ifPresent(life -> life.client().reset())));
          case 4, 5 -> lateAnswer(machine, chance);
          default -> tooFewTouches(machine, chance);
        };
    waiting.put(machine.id(), new ArrayDeque<>(steps));
  }

  /**
   * The lease counts from the send of the last renewal but one, however late its answer. The sync
   * behind it is held up too, so that the next renewal comes before a ping.
   */
  private List<Step> lateAnswer(Machine machine, Chance chance) {
    long late = chance.between(sessionTimeout / 20, sessionTimeout / 3);
    long syncLate = chance.millis(200, 600);
    return List.of(
        at(
            Ensemble.Kind.RENEWAL,
            () -> {
              machine.nextAnswerLate(late);
              world.after(late, () -> machine.nextRequestLate(syncLate));
            }),
        at(Ensemble.Kind.RENEWAL, () -> {}),
        at(Ensemble.Kind.SYNC, isolation(machine, chance)));
  }

  /**
   * The lease counts from the last renewal but one: strikes where the session would end before such
   * a lease, if nothing else came to the ensemble's leader.
   */
  private List<Step> tooFewTouches(Machine machine, Chance chance) {
    Ensemble.Kind last = chance.of(0.5) ? Ensemble.Kind.RENEWAL : Ensemble.Kind.SYNC;
    return List.of(
        at(Ensemble.Kind.RENEWAL, () -> touchesAreSlow(machine)),
        new Step(
            (session, request) -> request == last && endsTooEarly(session),
            isolation(machine, chance)));
  }

  private boolean endsTooEarly(Ensemble.Session session) {
    Renewals known = renewals.get(session.node);
    return known != null && session.expiresAt() < known.former + leaseDuration;
  }

  private void touchesAreSlow(Machine machine) {
    world.after(renewInterval / 2, () -> machine.touchesSlow = !nemesis.stopped());
    world.after(3 * renewInterval, () -> machine.touchesSlow = false);
  }

  private Runnable isolation(Machine machine, Chance chance) {
    return () -> nemesis.link(machine, Link.ISOLATED_SERVER, chance);
  }

  private static Step atNext(Runnable deed) {
    return new Step((_, _) -> true, deed);
  }

  private static Step at(Ensemble.Kind request, Runnable deed) {
    return new Step((_, carriedOut) -> carriedOut == request, deed);
  }
}
