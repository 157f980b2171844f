package io.understudy.controller.drill;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillMark;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.DrillSight;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A report for programs. Times are ISO 8601 in UTC, durations are seconds, what is not known is
 * null. Keys are only added; whoever changes the meaning of one raises {@link #SCHEMA}.
 */
final class ReportData {
  static final int SCHEMA = 1;

  private ReportData() {}

  static Struct of(DrillReport report) {
    Drill drill = report.drill();
    return Struct.newBuilder()
        .putFields("schema", number(SCHEMA))
        .putFields("drill", struct(asked(drill)))
        .putFields("verdict", struct(verdict(report)))
        .putFields("nodes", struct(nodes(report.nodes())))
        .putFields("client", report.client().map(view -> struct(client(view))).orElse(NOTHING))
        .putFields("before", drill.hasBefore() ? struct(sight(drill.getBefore())) : NOTHING)
        .putFields("after", drill.hasAfter() ? struct(sight(drill.getAfter())) : NOTHING)
        .putFields("timeline", list(drill.getMarksList().stream().map(ReportData::mark).toList()))
        .putFields("versions", struct(versions(report)))
        .build();
  }

  private static Struct.Builder asked(Drill drill) {
    DrillPlan plan = drill.getPlan();
    return Struct.newBuilder()
        .putFields("id", text(drill.getId()))
        .putFields("gateway", text(drill.getGateway()))
        .putFields("kind", text(DrillWords.kind(plan.getKind())))
        .putFields("target", plan.getTarget().isEmpty() ? NOTHING : text(plan.getTarget()))
        .putFields("fallBack", Value.newBuilder().setBoolValue(plan.getFallBack()).build())
        .putFields(
            "overruled", list(plan.getOverruleList().stream().map(ReportData::text).toList()))
        .putFields("operator", text(drill.getOperator()))
        .putFields("reason", text(drill.getReason()))
        .putFields("origin", text(drill.getOrigin()))
        .putFields("originEpoch", text(Long.toUnsignedString(drill.getOriginEpoch())))
        .putFields("startedAt", time(DrillWords.instant(drill.getStartedAt())))
        .putFields("deadline", time(DrillWords.instant(drill.getDeadline())))
        .putFields(
            "endedAt", drill.hasEndedAt() ? time(DrillWords.instant(drill.getEndedAt())) : NOTHING);
  }

  private static Struct.Builder verdict(DrillReport report) {
    Drill drill = report.drill();
    return Struct.newBuilder()
        .putFields("stage", text(DrillWords.stage(drill.getStage())))
        .putFields("passed", Value.newBuilder().setBoolValue(DrillWords.passed(drill)).build())
        .putFields("sentence", text(drill.getSentence()))
        .putFields("rto", seconds(report.rto()))
        .putFields("recovery", seconds(report.nodes().recovery()));
  }

  private static Struct.Builder nodes(NodesView nodes) {
    return Struct.newBuilder()
        .putFields("fault", nodes.fault().map(ReportData::time).orElse(NOTHING))
        .putFields("servedOn", seconds(nodes.waiting()))
        .putFields("there", passage(nodes.there()))
        .putFields("back", passage(nodes.back()));
  }

  private static Struct.Builder client(ClientView client) {
    return Struct.newBuilder()
        .putFields("host", text(client.client()))
        .putFields("interval", seconds(client.interval()))
        .putFields("probes", number(client.probes()))
        .putFields("answered", number(client.answered()))
        .putFields("doubled", number(client.doubled()))
        .putFields("outage", seconds(client.outage()))
        .putFields("fallBackOutage", seconds(client.fallBackOutage()))
        .putFields("there", passage(client.there()))
        .putFields("back", passage(client.back()))
        .putFields("stretches", list(client.stretches().stream().map(ReportData::stretch).toList()))
        .putFields("remarks", list(client.remarks().stream().map(ReportData::text).toList()));
  }

  private static Value stretch(ClientView.Stretch stretch) {
    return struct(
        Struct.newBuilder()
            .putFields("node", text(stretch.node()))
            .putFields("from", time(stretch.from()))
            .putFields("to", time(stretch.to())));
  }

  private static Value passage(Optional<Passage> passage) {
    return passage.map(ReportData::passage).orElse(NOTHING);
  }

  private static Value passage(Passage passage) {
    Struct.Builder phases = Struct.newBuilder();
    passage.parts().forEach(part -> phases.putFields(part.name(), seconds(part.duration())));
    return struct(
        Struct.newBuilder()
            .putFields("from", time(passage.from()))
            .putFields("to", time(passage.to()))
            .putFields("whole", seconds(passage.whole()))
            .putFields("phases", struct(phases)));
  }

  private static Struct.Builder sight(DrillSight sight) {
    return Struct.newBuilder()
        .putFields("at", time(DrillWords.instant(sight.getAt())))
        .putFields("node", text(sight.getNode()))
        .putFields("epoch", text(Long.toUnsignedString(sight.getEpoch())))
        .putFields("positionsCompared", number(sight.getPositionsCompared()))
        .putFields("discrepancies", number(sight.getDiscrepancies()))
        .putFields("openOrders", sight.hasOpenOrders() ? number(sight.getOpenOrders()) : NOTHING)
        .putFields("sessions", number(sight.getSessions()));
  }

  private static Value mark(DrillMark mark) {
    return struct(
        Struct.newBuilder()
            .putFields("at", time(DrillWords.instant(mark.getAt())))
            .putFields("node", text(mark.getNode()))
            .putFields("epoch", text(Long.toUnsignedString(mark.getEpoch())))
            .putFields("what", text(mark.getWhat())));
  }

  private static Struct.Builder versions(DrillReport report) {
    Struct.Builder nodes = Struct.newBuilder();
    new TreeMap<>(report.drill().getVersionsMap())
        .forEach((node, version) -> nodes.putFields(node, text(version)));
    return Struct.newBuilder()
        .putFields("nodes", struct(nodes))
        .putFields("commandLine", text(report.version()));
  }

  private static final Value NOTHING =
      Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();

  private static Value seconds(Optional<Duration> duration) {
    return duration.map(ReportData::seconds).orElse(NOTHING);
  }

  private static Value seconds(Duration duration) {
    return Value.newBuilder().setNumberValue(duration.toMillis() / 1000.0).build();
  }

  private static Value time(Instant instant) {
    return text(instant.toString());
  }

  private static Value list(List<Value> values) {
    return Value.newBuilder().setListValue(ListValue.newBuilder().addAllValues(values)).build();
  }

  private static Value struct(Struct.Builder keys) {
    return Value.newBuilder().setStructValue(keys).build();
  }

  private static Value number(int number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
