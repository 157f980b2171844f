package io.understudy.controller.verb;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.understudy.controller.client.ClusterClient;
import io.understudy.controller.client.ExitCode;
import io.understudy.controller.client.Failure;
import io.understudy.controller.client.Sighting;
import io.understudy.controller.drill.DrillWords;
import io.understudy.controller.drill.ReportFiles;
import io.understudy.controller.drill.Trend;
import io.understudy.controller.output.DrillTables;
import io.understudy.controller.output.OutputFormat;
import io.understudy.v1.Drill;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the report of a drill, or compares drills. */
@Command(
    name = "report",
    description = {
      "Write the report of a drill, as Markdown, JSON and a picture, from what the cluster"
          + " remembers; or compare drills by quarter."
    })
final class DrillReportVerb implements Callable<Integer> {
  /** All that the cluster remembers. */
  private static final int ALL = 40;

  private final Understudy root;

  @Parameters(
      arity = "0..1",
      paramLabel = "DRILL",
      description = "Its id, or the beginning of it (default: the latest).")
  private @Nullable String id;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = Reports.FOLDER_DEFAULT,
      description = "Where the report goes (default: ./" + Reports.FOLDER_DEFAULT + ").")
  private Path folder = Path.of(Reports.FOLDER_DEFAULT);

  @Option(names = "--trend", description = "Compare drills by quarter instead.")
  private boolean trend;

  DrillReportVerb(Understudy root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    try (ClusterClient client = root.connect()) {
      Sighting sighting = client.look();
      String gateway = root.gatewayOf(sighting.cluster()).getId();
      List<Drill> drills = client.drills().list(sighting, gateway, ALL);
      if (trend) {
        show(gateway, Trend.of(drills));
      } else {
        write(wanted(gateway, drills));
      }
      return ExitCode.DONE.number();
    }
  }

  private Drill wanted(String gateway, List<Drill> drills) {
    String beginning = Optional.ofNullable(id).orElse("");
    List<Drill> found =
        drills.stream().filter(drill -> drill.getId().startsWith(beginning)).toList();
    if (found.isEmpty()) {
      throw Failure.usage(
          id == null
              ? "The cluster remembers no drill of " + gateway + "."
              : "The cluster remembers no drill "
                  + id
                  + " of "
                  + gateway
                  + "; see `understudy drill list`.");
    }
    boolean exact = found.stream().anyMatch(drill -> drill.getId().equals(id));
    if (id != null && !exact && found.size() > 1) {
      throw Failure.usage(found.size() + " drills begin with " + id + "; give more of the id.");
    }
    return exact
        ? found.stream().filter(drill -> drill.getId().equals(id)).findFirst().orElseThrow()
        : found.getFirst();
  }

  private void write(Drill drill) {
    ReportFiles files = Reports.write(drill, Optional.empty(), folder);
    root.printer()
        .fact(
            "Wrote %s, with .json and .svg beside it.".formatted(files.markdown()),
            Struct.newBuilder()
                .putFields("drill", text(drill.getId()))
                .putFields("stage", text(DrillWords.stage(drill.getStage())))
                .putFields("markdown", text(files.markdown().toString()))
                .putFields("json", text(files.json().toString()))
                .putFields("svg", text(files.svg().toString()))
                .build());
  }

  private void show(String gateway, Trend shown) {
    if (root.output() == OutputFormat.table) {
      DrillTables.trend(root.canvas(root.environment().out(), root.outIsScreen()), gateway, shown);
      return;
    }
    ListValue.Builder rows = ListValue.newBuilder();
    shown.rows().forEach(row -> rows.addValues(data(row)));
    root.printer()
        .fact(
            "",
            Struct.newBuilder()
                .putFields("gateway", text(gateway))
                .putFields("quarters", Value.newBuilder().setListValue(rows).build())
                .build());
  }

  private static Value data(Trend.Row row) {
    return Value.newBuilder()
        .setStructValue(
            Struct.newBuilder()
                .putFields("quarter", text(row.quarter().toString()))
                .putFields("kind", text(DrillWords.kind(row.kind())))
                .putFields("drills", number(row.drills()))
                .putFields("passed", number(row.passed()))
                .putFields("medianRecovery", seconds(row.recovery()))
                .putFields("change", seconds(row.change()))
                .putFields("worstRecovery", seconds(row.worst()))
                .putFields("worstOutage", seconds(row.outage())))
        .build();
  }

  private static Value seconds(Optional<Duration> duration) {
    return duration
        .map(known -> number(known.toMillis() / 1000.0))
        .orElse(Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build());
  }

  private static Value number(double number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  private static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }
}
