package io.understudy.node.wire;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.drill.DrillKind;
import io.understudy.node.core.drill.DrillMark;
import io.understudy.node.core.drill.DrillMeasurement;
import io.understudy.node.core.drill.DrillPlan;
import io.understudy.node.core.drill.DrillSight;
import io.understudy.node.core.drill.DrillStage;
import io.understudy.node.core.drill.PreflightCheck;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * Drills as messages, which are the same on the wire and in coordination, and back. What the core
 * does not know ends in an {@link IllegalArgumentException}.
 */
public final class DrillMessages {
  private DrillMessages() {}

  // ---- to messages

  /** As it is shown. */
  public static io.understudy.v1.Drill shown(GatewayId gateway, Drill drill) {
    return stored(drill).toBuilder().setGateway(gateway.value()).build();
  }

  static io.understudy.v1.Drill stored(Drill drill) {
    io.understudy.v1.Drill.Builder message =
        io.understudy.v1.Drill.newBuilder()
            .setId(drill.id())
            .setPlan(plan(drill.plan()))
            .setOperator(drill.operator())
            .setReason(drill.reason())
            .setStartedAt(WireTimes.timestamp(drill.startedAt()))
            .setDeadline(WireTimes.timestamp(drill.deadline()))
            .setStage(stage(drill.stage()))
            .setSentence(drill.sentence())
            .setOrigin(drill.origin().value())
            .setOriginInstance(drill.originInstance().value())
            .setOriginEpoch(drill.originEpoch().number())
            .setBefore(sight(drill.before()));
    drill.endedAt().map(WireTimes::timestamp).ifPresent(message::setEndedAt);
    drill.marks().stream().map(DrillMessages::mark).forEach(message::addMarks);
    drill.after().map(DrillMessages::sight).ifPresent(message::setAfter);
    drill.measurement().map(DrillMessages::measurement).ifPresent(message::setMeasurement);
    drill.versions().forEach((node, version) -> message.putVersions(node.value(), version));
    return message.build();
  }

  private static io.understudy.v1.DrillPlan plan(DrillPlan plan) {
    io.understudy.v1.DrillPlan.Builder message =
        io.understudy.v1.DrillPlan.newBuilder()
            .setKind(kind(plan.kind()))
            .setTarget(plan.target().map(NodeId::value).orElse(""))
            .setFallBack(plan.fallBack())
            .addAllOverrule(plan.overrule());
    plan.rto().map(WireTimes::duration).ifPresent(message::setRto);
    plan.timeout().map(WireTimes::duration).ifPresent(message::setTimeout);
    return message.build();
  }

  private static io.understudy.v1.DrillMark mark(DrillMark mark) {
    return io.understudy.v1.DrillMark.newBuilder()
        .setAt(WireTimes.timestamp(mark.at()))
        .setNode(mark.node().value())
        .setEpoch(mark.epoch().number())
        .setWhat(mark.what())
        .build();
  }

  private static io.understudy.v1.DrillSight sight(DrillSight sight) {
    io.understudy.v1.DrillSight.Builder message =
        io.understudy.v1.DrillSight.newBuilder()
            .setAt(WireTimes.timestamp(sight.at()))
            .setNode(sight.node().value())
            .setEpoch(sight.epoch().number())
            .setPositionsCompared(sight.positionsCompared())
            .setDiscrepancies(sight.discrepancies())
            .setSessions(sight.sessions());
    sight.openOrders().ifPresent(message::setOpenOrders);
    return message.build();
  }

  private static io.understudy.v1.DrillMeasurement measurement(DrillMeasurement measurement) {
    io.understudy.v1.DrillMeasurement.Builder message =
        io.understudy.v1.DrillMeasurement.newBuilder()
            .setClient(measurement.client())
            .setProbeInterval(WireTimes.duration(measurement.probeInterval()))
            .setOutage(WireTimes.duration(measurement.outage()))
            .setProbes(measurement.probes())
            .setAnswered(measurement.answered())
            .setDoubled(measurement.doubled());
    measurement.fallBackOutage().map(WireTimes::duration).ifPresent(message::setFallBackOutage);
    return message.build();
  }

  public static io.understudy.v1.PreflightCheck check(PreflightCheck check) {
    return io.understudy.v1.PreflightCheck.newBuilder()
        .setCode(check.code())
        .setPassed(check.passed())
        .setSentence(check.sentence())
        .setMayOverrule(check.mayOverrule())
        .build();
  }

  private static io.understudy.v1.DrillKind kind(DrillKind kind) {
    return switch (kind) {
      case SWITCHOVER -> io.understudy.v1.DrillKind.DRILL_KIND_SWITCHOVER;
      case CRASH -> io.understudy.v1.DrillKind.DRILL_KIND_CRASH;
      case PARTITION -> io.understudy.v1.DrillKind.DRILL_KIND_PARTITION;
      case GATEWAY_CRASH -> io.understudy.v1.DrillKind.DRILL_KIND_GATEWAY_CRASH;
      case LOGIN_ONLY -> io.understudy.v1.DrillKind.DRILL_KIND_LOGIN_ONLY;
    };
  }

  private static io.understudy.v1.DrillStage stage(DrillStage stage) {
    return switch (stage) {
      case ACCEPTED -> io.understudy.v1.DrillStage.DRILL_STAGE_ACCEPTED;
      case FAULT -> io.understudy.v1.DrillStage.DRILL_STAGE_FAULT;
      case RECOVERED -> io.understudy.v1.DrillStage.DRILL_STAGE_RECOVERED;
      case FALLING_BACK -> io.understudy.v1.DrillStage.DRILL_STAGE_FALLING_BACK;
      case ABORTING -> io.understudy.v1.DrillStage.DRILL_STAGE_ABORTING;
      case PASSED -> io.understudy.v1.DrillStage.DRILL_STAGE_PASSED;
      case FAILED -> io.understudy.v1.DrillStage.DRILL_STAGE_FAILED;
      case ABORTED -> io.understudy.v1.DrillStage.DRILL_STAGE_ABORTED;
    };
  }

  // ---- from messages

  static Drill drill(io.understudy.v1.Drill message) {
    ImmutableSortedMap.Builder<NodeId, String> versions = ImmutableSortedMap.naturalOrder();
    message.getVersionsMap().forEach((node, version) -> versions.put(new NodeId(node), version));
    return new Drill(
        message.getId(),
        plan(message.getPlan()),
        message.getOperator(),
        message.getReason(),
        WireTimes.instant(message.getStartedAt()),
        WireTimes.instant(message.getDeadline()),
        message.hasEndedAt()
            ? Optional.of(WireTimes.instant(message.getEndedAt()))
            : Optional.empty(),
        stage(message.getStage()),
        message.getSentence(),
        new NodeId(message.getOrigin()),
        new InstanceId(message.getOriginInstance()),
        new Epoch(message.getOriginEpoch()),
        message.getMarksList().stream()
            .limit(Drill.MARKS_MAX)
            .map(DrillMessages::mark)
            .collect(toImmutableList()),
        sight(message.getBefore()),
        message.hasAfter() ? Optional.of(sight(message.getAfter())) : Optional.empty(),
        message.hasMeasurement()
            ? Optional.of(measurement(message.getMeasurement()))
            : Optional.empty(),
        versions.buildOrThrow());
  }

  /** As an operator asks for it. */
  public static DrillPlan plan(io.understudy.v1.DrillPlan message) {
    return new DrillPlan(
        kind(message.getKind()),
        message.getTarget().isEmpty()
            ? Optional.empty()
            : Optional.of(new NodeId(message.getTarget())),
        message.getFallBack(),
        message.hasRto() ? Optional.of(WireTimes.duration(message.getRto())) : Optional.empty(),
        message.hasTimeout()
            ? Optional.of(WireTimes.duration(message.getTimeout()))
            : Optional.empty(),
        ImmutableList.copyOf(message.getOverruleList()));
  }

  private static DrillMark mark(io.understudy.v1.DrillMark message) {
    return new DrillMark(
        WireTimes.instant(message.getAt()),
        new NodeId(message.getNode()),
        new Epoch(message.getEpoch()),
        message.getWhat());
  }

  private static DrillSight sight(io.understudy.v1.DrillSight message) {
    return new DrillSight(
        WireTimes.instant(message.getAt()),
        new NodeId(message.getNode()),
        new Epoch(message.getEpoch()),
        message.getPositionsCompared(),
        message.getDiscrepancies(),
        message.hasOpenOrders() ? Optional.of(message.getOpenOrders()) : Optional.empty(),
        message.getSessions());
  }

  /** As a client reports it. */
  public static DrillMeasurement measurement(io.understudy.v1.DrillMeasurement message) {
    return new DrillMeasurement(
        message.getClient(),
        WireTimes.duration(message.getProbeInterval()),
        WireTimes.duration(message.getOutage()),
        message.hasFallBackOutage()
            ? Optional.<Duration>of(WireTimes.duration(message.getFallBackOutage()))
            : Optional.empty(),
        message.getProbes(),
        message.getAnswered(),
        message.getDoubled());
  }

  private static DrillKind kind(io.understudy.v1.DrillKind message) {
    return switch (message) {
      case DRILL_KIND_SWITCHOVER -> DrillKind.SWITCHOVER;
      case DRILL_KIND_CRASH -> DrillKind.CRASH;
      case DRILL_KIND_PARTITION -> DrillKind.PARTITION;
      case DRILL_KIND_GATEWAY_CRASH -> DrillKind.GATEWAY_CRASH;
      case DRILL_KIND_LOGIN_ONLY -> DrillKind.LOGIN_ONLY;
      case DRILL_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("kind of drill that this version does not know");
    };
  }

  private static DrillStage stage(io.understudy.v1.DrillStage message) {
    return switch (message) {
      case DRILL_STAGE_ACCEPTED -> DrillStage.ACCEPTED;
      case DRILL_STAGE_FAULT -> DrillStage.FAULT;
      case DRILL_STAGE_RECOVERED -> DrillStage.RECOVERED;
      case DRILL_STAGE_FALLING_BACK -> DrillStage.FALLING_BACK;
      case DRILL_STAGE_ABORTING -> DrillStage.ABORTING;
      case DRILL_STAGE_PASSED -> DrillStage.PASSED;
      case DRILL_STAGE_FAILED -> DrillStage.FAILED;
      case DRILL_STAGE_ABORTED -> DrillStage.ABORTED;
      case DRILL_STAGE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("stage of a drill that this version does not know");
    };
  }
}
