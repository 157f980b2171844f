package io.understudy.controller.output;

import io.understudy.controller.drill.ClientView;
import io.understudy.controller.drill.DrillWords;
import io.understudy.controller.drill.NodesView;
import io.understudy.controller.drill.Passage;
import io.understudy.controller.drill.Preflights;
import io.understudy.controller.drill.Trend;
import io.understudy.controller.text.Spans;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.DrillStage;
import io.understudy.v1.PreflightCheck;
import io.understudy.v1.PreflightResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Drills for people. */
public final class DrillTables {
  private static final String NONE = "-";

  private DrillTables() {}

  static void preflight(Canvas canvas, String gateway, DrillPlan plan, PreflightResponse response) {
    String kind = DrillWords.kind(plan.getKind());
    Table table = new Table("drill " + kind + " of " + gateway, List.of("CHECK", "", "FOUND"));
    for (PreflightCheck check : response.getChecksList()) {
      boolean overruled = Preflights.overruled(plan, check);
      table.row(
          List.of(
              Table.Cell.of(check.getCode()),
              check.getPassed()
                  ? Table.Cell.of("ok", Style.GOOD)
                  : overruled
                      ? Table.Cell.of("overruled", Style.BUSY)
                      : Table.Cell.of("no", Style.BAD),
              Table.Cell.of(
                  check.getSentence()
                      + (check.getPassed() || overruled || !check.getMayOverrule()
                          ? ""
                          : " (may be overruled: --overrule " + check.getCode() + ")"))));
    }
    table.print(canvas);
    int number = 1;
    for (String step : response.getStepsList()) {
      canvas.stream().println("  " + number++ + ". " + step);
    }
    canvas.stream().println(verdict(canvas, plan, response));
    canvas.stream().flush();
  }

  private static String verdict(Canvas canvas, DrillPlan plan, PreflightResponse response) {
    List<PreflightCheck> standing = Preflights.standing(plan, response);
    return standing.isEmpty()
        ? canvas.paint(Style.GOOD, "The drill may begin.")
        : canvas.paint(Style.BAD, "The drill may not begin")
            + ": "
            + standing.stream().map(PreflightCheck::getCode).collect(Collectors.joining(", "))
            + ".";
  }

  static void drills(Canvas canvas, List<Drill> drills) {
    Table table =
        new Table(
            "drills, times in " + canvas.zone(),
            List.of("BEGAN", "GATEWAY", "KIND", "STAGE", "RECOVERY", "OUTAGE", "BY", "ID", "WHY"));
    for (Drill drill : drills) {
      table.row(
          List.of(
              Table.Cell.of(Times.dateTime(drill.getStartedAt(), canvas.zone())),
              Table.Cell.of(drill.getGateway()),
              Table.Cell.of(DrillWords.kind(drill.getPlan().getKind())),
              Table.Cell.of(DrillWords.stage(drill.getStage()), style(drill.getStage())),
              Table.Cell.number(text(NodesView.of(drill).recovery())),
              Table.Cell.number(text(ClientView.of(drill).flatMap(ClientView::outage))),
              Table.Cell.of(drill.getOperator()),
              Table.Cell.of(drill.getId()),
              Table.Cell.of(DrillWords.sentence(drill))));
    }
    table.print(canvas);
    canvas.stream().flush();
  }

  static void drill(Canvas canvas, Drill drill) {
    NodesView nodes = NodesView.of(drill);
    canvas.stream()
        .println(
            canvas.paint(style(drill.getStage()), heading(drill))
                + " ("
                + drill.getGateway()
                + "): "
                + DrillWords.sentence(drill));
    nodes.there().ifPresent(there -> passage(canvas, "there", there));
    nodes.back().ifPresent(back -> passage(canvas, "back", back));
    ClientView.of(drill).ifPresent(client -> client(canvas, client));
    canvas.stream().flush();
  }

  /** Drills by quarter. */
  public static void trend(Canvas canvas, String gateway, Trend trend) {
    Table table =
        new Table(
            "drills of " + gateway + " by quarter",
            List.of("QUARTER", "KIND", "DRILLS", "PASSED", "MEDIAN", "CHANGE", "WORST", "OUTAGE"));
    for (Trend.Row row : trend.rows()) {
      table.row(
          List.of(
              Table.Cell.of(row.quarter().toString()),
              Table.Cell.of(DrillWords.kind(row.kind())),
              Table.Cell.number(Integer.toString(row.drills())),
              Table.Cell.number(Integer.toString(row.passed())),
              Table.Cell.number(text(row.recovery())),
              Table.Cell.number(row.change().map(DrillTables::change).orElse(NONE)),
              Table.Cell.number(text(row.worst())),
              Table.Cell.number(text(row.outage()))));
    }
    table.print(canvas);
    canvas.stream()
        .println(
            "  Times of recovery are those in which nobody served, by the nodes; CHANGE is of the median"
                + " against the quarter before; OUTAGE is the longest that a client saw.");
    canvas.stream().flush();
  }

  private static void passage(Canvas canvas, String name, Passage passage) {
    canvas.stream()
        .println(
            "  "
                + name
                + ", by the nodes: "
                + Spans.text(passage.whole())
                + passage.parts().stream()
                    .filter(part -> part.duration().isPositive())
                    .map(part -> part.name() + " " + Spans.text(part.duration()))
                    .collect(Collectors.joining(", ", " (", ")")));
  }

  private static void client(Canvas canvas, ClientView client) {
    canvas.stream()
        .println(
            "  by the client on "
                + client.client()
                + ": no answer for "
                + text(client.outage())
                + client
                    .fallBackOutage()
                    .map(outage -> ", on the way back for " + Spans.text(outage))
                    .orElse("")
                + ", "
                + client.doubled()
                + " doubled answers");
  }

  private static String heading(Drill drill) {
    return switch (drill.getStage()) {
      case DRILL_STAGE_PASSED -> "Drill passed";
      case DRILL_STAGE_FAILED -> "Drill failed";
      case DRILL_STAGE_ABORTED -> "Drill aborted";
      case DRILL_STAGE_ACCEPTED,
          DRILL_STAGE_FAULT,
          DRILL_STAGE_RECOVERED,
          DRILL_STAGE_FALLING_BACK,
          DRILL_STAGE_ABORTING ->
          "Drill under way";
      case DRILL_STAGE_UNSPECIFIED, UNRECOGNIZED -> "Drill in a stage unknown to this program";
    };
  }

  static Style style(DrillStage stage) {
    return switch (stage) {
      case DRILL_STAGE_PASSED -> Style.GOOD;
      case DRILL_STAGE_FAILED, DRILL_STAGE_ABORTED -> Style.BAD;
      case DRILL_STAGE_ACCEPTED,
          DRILL_STAGE_FAULT,
          DRILL_STAGE_RECOVERED,
          DRILL_STAGE_FALLING_BACK,
          DRILL_STAGE_ABORTING ->
          Style.BUSY;
      case DRILL_STAGE_UNSPECIFIED, UNRECOGNIZED -> Style.PLAIN;
    };
  }

  private static String text(Optional<Duration> duration) {
    return duration.map(Spans::text).orElse(NONE);
  }

  private static String change(Duration change) {
    return (change.isNegative() ? "-" : "+") + Spans.text(change.abs());
  }
}
