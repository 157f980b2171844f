package io.understudy.controller;

import com.google.protobuf.util.Durations;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillKind;
import io.understudy.v1.DrillMark;
import io.understudy.v1.DrillMeasurement;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.DrillSight;
import io.understudy.v1.DrillStage;
import java.time.Instant;

/** Drills as the nodes tell them. */
public final class SampleDrills {
  public static final String ID = "5f0c9a52-9d0f-4c5a-8a35-3c1f3a6f2b10";
  public static final Instant STARTED = Instant.parse("2026-11-14T15:00:00Z");

  private SampleDrills() {}

  /** Just accepted: a leads live under epoch 7. */
  public static Drill.Builder accepted(DrillKind kind) {
    return Drill.newBuilder()
        .setId(ID)
        .setGateway("live")
        .setPlan(
            DrillPlan.newBuilder()
                .setKind(kind)
                .setFallBack(true)
                .setRto(Durations.fromSeconds(120))
                .setTimeout(Durations.fromMinutes(15)))
        .setOperator("ann")
        .setReason("quarterly | drill")
        .setStartedAt(Clusters.at(STARTED))
        .setDeadline(Clusters.at(STARTED.plusSeconds(900)))
        .setStage(DrillStage.DRILL_STAGE_ACCEPTED)
        .setSentence("on record, the fault comes next")
        .setOrigin("a")
        .setOriginEpoch(7)
        .setBefore(sight(0, "a", 7))
        .addMarks(mark(0, "a", 7, "Started"))
        .putVersions("b", "0.1.0")
        .putVersions("a", "0.1.0");
  }

  /** A switchover to b and back that took 4.25 s and 4.5 s, and what a client saw of it. */
  public static Drill.Builder passed() {
    return accepted(DrillKind.DRILL_KIND_SWITCHOVER)
        .setStage(DrillStage.DRILL_STAGE_PASSED)
        .setSentence(
            "orders passed again through b 4.25 s after the gate was shut, 2 positions agree, one"
                + " session, and a serves again")
        .setEndedAt(Clusters.at(STARTED.plusSeconds(60)))
        .setAfter(sight(59_000, "a", 9))
        .addMarks(mark(50, "a", 7, "Fault"))
        .addMarks(mark(10_050, "a", 7, "Ceding"))
        .addMarks(mark(10_550, "b", 8, "Claiming"))
        .addMarks(mark(10_650, "b", 8, "Fencing"))
        .addMarks(mark(10_700, "b", 8, "LoggingIn"))
        .addMarks(mark(13_800, "b", 8, "Verifying"))
        .addMarks(mark(14_000, "b", 8, "Reconciling"))
        .addMarks(mark(14_200, "b", 8, "Serving"))
        .addMarks(mark(14_300, "b", 8, "GateOpen"))
        .addMarks(mark(20_000, "b", 8, "FallingBack"))
        .addMarks(mark(50_000, "b", 8, "Ceding"))
        .addMarks(mark(50_500, "a", 9, "Claiming"))
        .addMarks(mark(50_600, "a", 9, "Fencing"))
        .addMarks(mark(50_700, "a", 9, "LoggingIn"))
        .addMarks(mark(54_100, "a", 9, "Verifying"))
        .addMarks(mark(54_200, "a", 9, "Reconciling"))
        .addMarks(mark(54_400, "a", 9, "Serving"))
        .addMarks(mark(54_500, "a", 9, "GateOpen"))
        .addMarks(mark(60_000, "a", 9, "Ended"));
  }

  /** A crash of a that nobody recovered from in time. */
  public static Drill.Builder failed() {
    return accepted(DrillKind.DRILL_KIND_CRASH)
        .setStage(DrillStage.DRILL_STAGE_FAILED)
        .setSentence("nobody served at the deadline")
        .setEndedAt(Clusters.at(STARTED.plusSeconds(900)))
        .addMarks(mark(50, "a", 7, "Fault"))
        .addMarks(mark(6_500, "b", 8, "Claiming"))
        .addMarks(mark(900_000, "b", 8, "Ended"));
  }

  public static DrillMeasurement measured() {
    return DrillMeasurement.newBuilder()
        .setClient("desk")
        .setProbeInterval(Durations.fromMillis(250))
        .setOutage(Durations.fromMillis(4_400))
        .setFallBackOutage(Durations.fromMillis(4_700))
        .setProbes(480)
        .setAnswered(200)
        .setDoubled(0)
        .build();
  }

  public static DrillMark mark(long millis, String node, long epoch, String what) {
    return DrillMark.newBuilder()
        .setAt(Clusters.at(STARTED.plusMillis(millis)))
        .setNode(node)
        .setEpoch(epoch)
        .setWhat(what)
        .build();
  }

  private static DrillSight sight(long millis, String node, long epoch) {
    return DrillSight.newBuilder()
        .setAt(Clusters.at(STARTED.plusMillis(millis)))
        .setNode(node)
        .setEpoch(epoch)
        .setPositionsCompared(2)
        .setOpenOrders(3)
        .setSessions(1)
        .build();
  }
}
