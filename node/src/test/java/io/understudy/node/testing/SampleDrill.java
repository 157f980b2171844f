package io.understudy.node.testing;

import static io.understudy.node.testing.ClusterScript.A;
import static io.understudy.node.testing.ClusterScript.B;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSight;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A crash of node b, which led under epoch 6, two seconds after the begin; node a serves 12 seconds
 * later.
 */
public final class SampleDrill {
  private SampleDrill() {}

  /** Under way, or ended 20 seconds after it began. */
  public static Drill of(String id, DrillStage stage, Instant begin) {
    Epoch epoch = new Epoch(6);
    DrillSight sight = new DrillSight(begin, A, epoch, 4, 0, Optional.empty(), 1);
    return new Drill(
        id,
        new DrillPlan(
            DrillKind.CRASH,
            Optional.empty(),
            false,
            Optional.of(Duration.ofMinutes(2)),
            Optional.of(Duration.ofMinutes(15)),
            ImmutableList.of()),
        "olga",
        "quarterly",
        begin,
        begin.plus(Duration.ofMinutes(15)),
        stage.ended() ? Optional.of(begin.plusSeconds(20)) : Optional.empty(),
        stage,
        "it is as it is",
        B,
        new InstanceId("i1"),
        epoch,
        ImmutableList.of(
            new DrillMark(begin.plusSeconds(2), B, epoch, DrillMark.FAULT),
            new DrillMark(begin.plusSeconds(14), A, epoch.next(), DrillMark.GATE_OPEN)),
        sight,
        Optional.of(sight),
        Optional.empty(),
        ImmutableSortedMap.of());
  }
}
