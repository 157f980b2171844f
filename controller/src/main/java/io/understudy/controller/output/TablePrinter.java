package io.understudy.controller.output;

import com.google.protobuf.Struct;
import io.understudy.controller.text.Spans;
import io.understudy.v1.Cluster;
import io.understudy.v1.Discrepancy;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.HistoryEntry;
import io.understudy.v1.PreflightResponse;
import io.understudy.v1.Progress;
import io.understudy.v1.Result;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** For people. Its layout is not promised to programs. */
public final class TablePrinter implements Printer {
  private static final List<String> HISTORY_HEADERS =
      List.of("TIME", "GATEWAY", "NODE", "EPOCH", "KIND", "WHO", "WHAT");

  private final Canvas canvas;

  public TablePrinter(Canvas canvas) {
    this.canvas = canvas;
  }

  @Override
  public void status(Cluster cluster) {
    new StatusTable(canvas, cluster).print();
    canvas.stream().flush();
  }

  @Override
  public void history(List<HistoryEntry> entries) {
    Table table = new Table("history, times in " + canvas.zone(), HISTORY_HEADERS);
    for (HistoryEntry entry : entries) {
      table.row(
          List.of(
              Table.Cell.of(Times.dateTime(entry.getAt(), canvas.zone())),
              Table.Cell.of(entry.getGateway()),
              Table.Cell.of(entry.getNode()),
              Table.Cell.number(Long.toUnsignedString(entry.getEpoch())),
              Table.Cell.of(entry.getKind()),
              Table.Cell.of(StatusTable.operator(entry).orElse("")),
              Table.Cell.of(entry.getSentence())));
    }
    table.print(canvas);
  }

  @Override
  public void event(HistoryEntry entry) {
    canvas.stream()
        .println(
            canvas.paint(Style.DIM, Times.dateTime(entry.getAt(), canvas.zone()))
                + "  "
                + canvas.paint(Style.BOLD, entry.getGateway())
                + "  "
                + entry.getNode()
                + "  epoch "
                + Long.toUnsignedString(entry.getEpoch())
                + "  "
                + entry.getKind()
                + StatusTable.operator(entry).map(who -> "  by " + who).orElse("")
                + (entry.getSentence().isEmpty() ? "" : "  " + entry.getSentence()));
    canvas.stream().flush();
  }

  @Override
  public void result(String gateway, Result result) {
    canvas.stream()
        .println(
            canvas.paint(style(result), heading(result))
                + " ("
                + gateway
                + "): "
                + result.getSentence()
                + (result.getRepeated() ? " (this request id had been carried out before)" : ""));
    String phases = phases(result);
    if (!phases.isEmpty()) {
      canvas.stream().println("  " + phases);
    }
    for (Discrepancy discrepancy : result.getReconciliation().getDiscrepanciesList()) {
      canvas.stream().println("  " + StatusTable.discrepancy(discrepancy));
    }
    canvas.stream().flush();
  }

  @Override
  public void preflight(String gateway, DrillPlan plan, PreflightResponse response) {
    DrillTables.preflight(canvas, gateway, plan, response);
  }

  @Override
  public void drills(List<Drill> drills) {
    DrillTables.drills(canvas, drills);
  }

  @Override
  public void drill(Drill drill) {
    DrillTables.drill(canvas, drill);
  }

  @Override
  public void fact(String text, Struct data) {
    canvas.stream().println(text);
  }

  @Override
  public void accepted(Progress last) {
    canvas.stream()
        .println(
            canvas.paint(Style.GOOD, "Accepted")
                + " ("
                + last.getGateway()
                + "): it goes on by itself, see `understudy status --watch`.");
  }

  /** One difference as a clause. */
  public static String discrepancy(Discrepancy discrepancy) {
    return StatusTable.discrepancy(discrepancy);
  }

  /** In the order in which an operation passes them, without those that took no time. */
  private static String phases(Result result) {
    return result.getPhaseMillisMap().entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(Comparator.comparingInt(entry -> PhaseWords.order(entry.getKey())))
        .map(entry -> entry.getKey() + " " + Spans.text(Duration.ofMillis(entry.getValue())))
        .collect(Collectors.joining(", "));
  }

  private static String heading(Result result) {
    return switch (result.getOutcome()) {
      case OUTCOME_DONE -> "Done";
      case OUTCOME_DEGRADED -> "Done, degraded";
      case OUTCOME_DRY_RUN -> "Dry run, nothing was changed";
      case OUTCOME_FAILED -> "Failed";
      case OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "Outcome unknown";
    };
  }

  private static Style style(Result result) {
    return switch (result.getOutcome()) {
      case OUTCOME_DONE -> Style.GOOD;
      case OUTCOME_DRY_RUN -> Style.BOLD;
      case OUTCOME_DEGRADED -> Style.BUSY;
      case OUTCOME_FAILED, OUTCOME_UNSPECIFIED, UNRECOGNIZED -> Style.BAD;
    };
  }
}
