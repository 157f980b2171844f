package io.understudy.node.sim;

import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.GuardedWrite;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Sees what becomes of drills: the judge's eye for them. */
final class DrillJudge {
  /** From the decision to the edge, a machine that stood still included. */
  private static final Duration FAULT_LATE_MAX = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final Judge judge;
  private final Set<String> injected = new HashSet<>();

  DrillJudge(Cluster cluster, Judge judge) {
    this.cluster = cluster;
    this.judge = judge;
  }

  private static PromiseBroken broken(String sentence) {
    return new PromiseBroken(Promise.DRILL_BOUNDED, sentence);
  }

  /** A drill that has ended or was aborted stays so, but for what a client measured. */
  void written(NodeId node, GatewayRecords before, GuardedWrite.DrillUpdate update) {
    judge.looks(Promise.DRILL_BOUNDED);
    Optional<Drill> former = before.drill().value().drill();
    boolean moves =
        former
            .filter(drill -> drill.id().equals(update.drill().id()))
            .filter(drill -> !follows(drill.stage(), update.drill().stage()))
            .isPresent();
    boolean replaces =
        before
            .drill()
            .value()
            .underWay()
            .filter(drill -> !drill.id().equals(update.drill().id()))
            .isPresent();
    if (moves || replaces) {
      throw broken(node + " writes " + update.drill() + " over " + former);
    }
  }

  private static boolean follows(DrillStage former, DrillStage next) {
    boolean aborted = former == DrillStage.ABORTING && next == DrillStage.ABORTED;
    return former == next || aborted || !(former.ended() || former == DrillStage.ABORTING);
  }

  /** The fault of a drill is made once, while the drill is under way and before its deadline. */
  void injected(Daemon daemon, Effect.InjectFault fault) {
    judge.looks(Promise.DRILL_BOUNDED);
    if (!injected.add(fault.drill())) {
      throw broken(daemon.id() + " makes a fault twice: " + fault);
    }
    Instant wall = daemon.machine().now().wall();
    boolean announced =
        cluster
            .ensemble()
            .drill(fault.gateway())
            .drill()
            .filter(drill -> drill.id().equals(fault.drill()))
            .filter(drill -> drill.mark(DrillMark.FAULT).isPresent())
            .filter(drill -> wall.isBefore(drill.deadline().plus(FAULT_LATE_MAX)))
            .isPresent();
    if (!announced) {
      throw broken(daemon.id() + " makes a fault that is not due: " + fault);
    }
  }
}
