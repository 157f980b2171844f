package io.understudy.controller.drill;

import io.understudy.v1.DrillMark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A picture of a drill along the time: a lane for each node with its phases, a lane for each relay
 * with the stretches in which it answered the client, and the objective as a line. Stands by
 * itself, without scripts or fonts of its own.
 */
final class SvgTimeline {
  private static final int WIDTH = 960;
  private static final int LEFT = 120;
  private static final int RIGHT = 24;
  private static final int TOP = 64;
  private static final int LANE = 40;
  private static final int BAR = 24;
  private static final int LABEL_MIN = 44;
  private static final int TICKS_MAX = 12;
  private static final List<Integer> TICK_SECONDS =
      List.of(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400);

  private static final String ANSWERED = "#5a9e4b";
  private static final String SILENT = "#f3d1cf";

  /** What a node does from the mark on; other marks are drawn as points. */
  private static final Map<String, String> COLOURS = colours();

  private final DrillReport report;
  private final Instant first;
  private final double perMilli;
  private final Instant end;
  private final StringBuilder body = new StringBuilder();
  private int lanes;

  private SvgTimeline(DrillReport report) {
    this.report = report;
    this.first = report.first();
    this.end = report.last();
    long span = Math.max(1, Duration.between(first, end).toMillis());
    this.perMilli = (WIDTH - LEFT - RIGHT) / (double) span;
  }

  static String of(DrillReport report) {
    return new SvgTimeline(report).draw();
  }

  private static Map<String, String> colours() {
    Map<String, String> colours = new LinkedHashMap<>();
    colours.put("Ceding", "#c98a5e");
    colours.put("Claiming", "#8e6bbf");
    colours.put("Fencing", "#b5739d");
    colours.put("LoggingIn", "#d79b00");
    colours.put("Verifying", "#e0c34c");
    colours.put("Reconciling", "#6c8ebf");
    colours.put("Serving", ANSWERED);
    return Collections.unmodifiableMap(colours);
  }

  private String draw() {
    nodes();
    relays();
    int bottom = TOP + lanes * LANE;
    String axis = axis(bottom);
    String objective = objective(bottom);
    int height = bottom + 80;
    String title =
        "%s of %s, %s: %s"
            .formatted(
                DrillWords.kind(report.drill().getPlan().getKind()),
                report.drill().getGateway(),
                report.started(),
                DrillWords.stage(report.drill().getStage()));
    return """
    <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" font-family="sans-serif" font-size="12" role="img">
    <title>%3$s</title>
    <rect width="%1$d" height="%2$d" fill="#ffffff"/>
    <text x="16" y="26" font-size="16" fill="#222222">%3$s</text>
    %4$s%5$s%6$s%7$s</svg>
    """
        .formatted(WIDTH, height, escaped(title), axis, body, objective, legend(bottom + 66));
  }

  private void nodes() {
    Map<String, List<DrillMark>> byNode = new LinkedHashMap<>();
    if (!report.drill().getOrigin().isEmpty()) {
      byNode.put(report.drill().getOrigin(), new ArrayList<>());
    }
    for (DrillMark mark : report.drill().getMarksList()) {
      byNode.computeIfAbsent(mark.getNode(), _ -> new ArrayList<>()).add(mark);
    }
    byNode.forEach((node, marks) -> {
      int y = lane("node " + node);
      bars(node, marks, y);
    });
  }

  private void bars(String node, List<DrillMark> marks, int y) {
    List<DrillMark> phases =
        marks.stream().filter(mark -> COLOURS.containsKey(mark.getWhat())).toList();
    servedBefore(node, phases).ifPresent(until -> bar(first, until, y, "Serving"));
    for (int i = 0; i < phases.size(); i++) {
      Instant taken = takenFrom(node, at(phases.get(i)));
      Instant next = i + 1 < phases.size() ? at(phases.get(i + 1)) : end;
      bar(at(phases.get(i)), next.isBefore(taken) ? next : taken, y, phases.get(i).getWhat());
    }
    marks.stream()
        .filter(mark -> !COLOURS.containsKey(mark.getWhat()))
        .forEach(mark -> point(at(mark), y, mark.getWhat()));
  }

  /** The leader served until the fault, or until it began to give up. */
  private Optional<Instant> servedBefore(String node, List<DrillMark> phases) {
    if (!node.equals(report.drill().getOrigin())) {
      return Optional.empty();
    }
    return report
        .nodes()
        .fault()
        .map(fault ->
            phases.isEmpty() || !phases.getFirst().getWhat().equals("Ceding")
                ? report.nodes().there().map(Passage::from).orElse(fault)
                : at(phases.getFirst()));
  }

  /** When another node claimed after that; the end of the picture when none did. */
  private Instant takenFrom(String node, Instant from) {
    return report.drill().getMarksList().stream()
        .filter(mark -> !mark.getNode().equals(node) && mark.getWhat().equals("Claiming"))
        .map(SvgTimeline::at)
        .filter(at -> at.isAfter(from))
        .findFirst()
        .orElse(end);
  }

  private void relays() {
    report
        .client()
        .filter(client -> !client.stretches().isEmpty())
        .ifPresent(client -> {
          TreeSet<String> nodes = new TreeSet<>();
          client.stretches().forEach(stretch -> nodes.add(stretch.node()));
          for (String node : nodes) {
            int y = lane("relay of " + node);
            rect(first, end, y, SILENT, "no answer through the relay of " + node);
            client.stretches().stream()
                .filter(stretch -> stretch.node().equals(node))
                .forEach(stretch ->
                    rect(
                        stretch.from(),
                        stretch.to(),
                        y,
                        ANSWERED,
                        "the relay of " + node + " answers"));
          }
        });
  }

  private int lane(String name) {
    int y = TOP + lanes * LANE + (LANE - BAR) / 2;
    lanes++;
    body.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#222222\">%s</text>\n"
            .formatted(LEFT - 10, y + 16, escaped(name)));
    return y;
  }

  private void bar(Instant from, Instant to, int y, String phase) {
    rect(from, to, y, COLOURS.getOrDefault(phase, "#d5d5d5"), phase);
    double width = x(to) - x(from);
    if (width >= LABEL_MIN && width >= phase.length() * 7.0) {
      body.append(
          "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\" fill=\"#111111\">%s</text>\n"
              .formatted(number((x(from) + x(to)) / 2), y + 16, escaped(phase)));
    }
  }

  private void rect(Instant from, Instant to, int y, String colour, String what) {
    double left = x(from);
    double width = Math.max(1, x(to) - left);
    body.append(
        "<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"%s\"><title>%s, %s to %s</title></rect>\n"
            .formatted(
                number(left),
                y,
                number(width),
                BAR,
                colour,
                escaped(what),
                offset(from),
                offset(to)));
  }

  private void point(Instant at, int y, String what) {
    body.append(
        "<path d=\"M%1$s %2$d v%3$d\" stroke=\"#222222\" stroke-width=\"2\"><title>%4$s, %5$s</title></path>\n"
            .formatted(number(x(at)), y - 4, BAR + 8, escaped(what), offset(at)));
  }

  private String axis(int bottom) {
    StringBuilder text = new StringBuilder();
    long seconds = Math.max(1, Duration.between(first, end).toSeconds());
    int step =
        TICK_SECONDS.stream()
            .filter(each -> seconds / each <= TICKS_MAX)
            .findFirst()
            .orElse(TICK_SECONDS.getLast());
    for (long tick = 0; tick <= seconds; tick += step) {
      String x = number(x(first.plusSeconds(tick)));
      text.append(
          "<path d=\"M%1$s %2$d V%3$d\" stroke=\"#dddddd\"/><text x=\"%1$s\" y=\"%4$d\" text-anchor=\"middle\" fill=\"#555555\">%5$d s</text>\n"
              .formatted(x, TOP, bottom, bottom + 18, tick));
    }
    return text.toString();
  }

  /** The latest moment in which orders had to pass again. */
  private String objective(int bottom) {
    Optional<Instant> latest =
        report
            .nodes()
            .there()
            .map(Passage::from)
            .or(report.nodes()::fault)
            .flatMap(begin -> report.rto().map(begin::plus));
    String words =
        "RTO %s: %s"
            .formatted(
                report.rto().map(DrillWords::seconds).orElse("none"),
                report.againstRto().orElse("not compared"));
    String line =
        latest
            .filter(at -> !at.isAfter(end))
            .map(at ->
                "<path d=\"M%s %d V%d\" stroke=\"#b33a3a\" stroke-width=\"2\" stroke-dasharray=\"6 4\"><title>the objective ends here</title></path>\n"
                    .formatted(number(x(at)), TOP - 8, bottom))
            .orElse("");
    return line
        + "<text x=\"%d\" y=\"%d\" fill=\"#555555\">%s</text>\n"
            .formatted(LEFT, bottom + 42, escaped(words));
  }

  private static String legend(int y) {
    StringBuilder text = new StringBuilder();
    int x = LEFT;
    for (Map.Entry<String, String> each : COLOURS.entrySet()) {
      text.append(
          "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"%d\" fill=\"#555555\">%s</text>\n"
              .formatted(x, y - 10, each.getValue(), x + 16, y, each.getKey()));
      x += 32 + each.getKey().length() * 8;
    }
    return text.toString();
  }

  private double x(Instant at) {
    Instant inside = at.isBefore(first) ? first : at.isAfter(end) ? end : at;
    return LEFT + Duration.between(first, inside).toMillis() * perMilli;
  }

  private String offset(Instant at) {
    return DrillWords.seconds(Duration.between(first, at));
  }

  private static Instant at(DrillMark mark) {
    return DrillWords.instant(mark.getAt());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String escaped(String text) {
    return text.replaceAll("\\p{Cntrl}", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
