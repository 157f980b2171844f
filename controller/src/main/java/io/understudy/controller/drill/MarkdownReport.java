package io.understudy.controller.drill;

import io.understudy.v1.Drill;
import io.understudy.v1.DrillMark;
import io.understudy.v1.DrillPlan;
import io.understudy.v1.DrillSight;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** A report for people: to read, to complete by hand and to sign. */
final class MarkdownReport {
  private static final DateTimeFormatter SECOND = format("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MILLIS = format("HH:mm:ss.SSS");
  private static final String NONE = "–";

  private final DrillReport report;
  private final Drill drill;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(DrillReport report) {
    this.report = report;
    this.drill = report.drill();
  }

  static String of(DrillReport report) {
    return new MarkdownReport(report).write();
  }

  private String write() {
    line(
        "# Drill of %s: %s, %s"
            .formatted(
                plain(drill.getGateway()),
                DrillWords.kind(drill.getPlan().getKind()),
                DrillWords.stage(drill.getStage())));
    head();
    figures();
    line("![The drill along the time](" + report.name() + ".svg)");
    line("");
    sights();
    client();
    timeline();
    versions();
    findings();
    return text.toString();
  }

  private void head() {
    DrillPlan plan = drill.getPlan();
    line("");
    line(plain(DrillWords.sentence(drill)));
    line("");
    row("", "");
    line("|---|---|");
    row("verdict", "**" + DrillWords.stage(drill.getStage()) + "**");
    row(
        "objective (RTO)",
        report.rto().map(DrillWords::seconds).orElse(NONE)
            + report.againstRto().map(clause -> ", " + clause).orElse(""));
    row("nobody served for", seconds(report.nodes().recovery()));
    row("began", SECOND.format(report.started()) + " UTC");
    row(
        "ended",
        drill.hasEndedAt()
            ? SECOND.format(DrillWords.instant(drill.getEndedAt())) + " UTC"
            : "not yet; deadline " + SECOND.format(DrillWords.instant(drill.getDeadline())));
    row("asked for by", plain(drill.getOperator()));
    row("reason", plain(drill.getReason()));
    row("led before", plain(drill.getOrigin()) + ", epoch " + epoch(drill.getOriginEpoch()));
    row("target", plan.getTarget().isEmpty() ? "the best other node" : plain(plan.getTarget()));
    row("way back", plan.getFallBack() ? "to the node that led before" : "none was asked for");
    row(
        "checks that were overruled",
        plan.getOverruleCount() == 0 ? "none" : plain(String.join(", ", plan.getOverruleList())));
    row("id", "`" + drill.getId().replace("`", "'") + "`");
    line("");
  }

  private void figures() {
    line("## Figures");
    line("");
    report
        .nodes()
        .waiting()
        .ifPresent(wait ->
            line(
                "The leader served on for "
                    + DrillWords.seconds(wait)
                    + " after the order, until it began to give up.\n"));
    Optional<ClientView> client = report.client();
    passage(
        "until orders passed again",
        report.nodes().there(),
        client.flatMap(ClientView::there),
        client.flatMap(ClientView::outage));
    if (drill.getPlan().getFallBack()) {
      passage(
          "the way back",
          report.nodes().back(),
          client.flatMap(ClientView::back),
          client.flatMap(ClientView::fallBackOutage));
    }
    line(
        "The nodes' figures are by their marks and clocks. The client's begin with the last answer"
            + " that it got and end with the next one; the phases between are as it saw them in the"
            + " status, each up to half a second late.");
    line("");
  }

  private void passage(
      String name, Optional<Passage> nodes, Optional<Passage> client, Optional<Duration> outage) {
    line("| " + name + " | nodes | client |");
    line("|---|---:|---:|");
    for (String part : Passage.names()) {
      line(
          "| %s | %s | %s |"
              .formatted(
                  part,
                  seconds(nodes.map(passage -> passage.part(part))),
                  seconds(client.map(passage -> passage.part(part)))));
    }
    line(
        "| **nobody served** | **%s** | **%s** |"
            .formatted(seconds(nodes.map(Passage::whole)), seconds(outage)));
    line("");
  }

  private void sights() {
    line("## Before and after");
    line("");
    line("| | before | after |");
    line("|---|---|---|");
    Optional<DrillSight> before = sight(drill.hasBefore(), drill.getBefore());
    Optional<DrillSight> after = sight(drill.hasAfter(), drill.getAfter());
    compared("node", before, after, sight -> plain(sight.getNode()));
    compared("epoch", before, after, sight -> epoch(sight.getEpoch()));
    compared(
        "positions compared",
        before,
        after,
        sight -> Integer.toUnsignedString(sight.getPositionsCompared()));
    compared(
        "discrepancies",
        before,
        after,
        sight -> Integer.toUnsignedString(sight.getDiscrepancies()));
    compared(
        "open orders",
        before,
        after,
        sight ->
            sight.hasOpenOrders() ? Integer.toUnsignedString(sight.getOpenOrders()) : "not told");
    compared(
        "brokerage sessions",
        before,
        after,
        sight -> Integer.toUnsignedString(sight.getSessions()));
    line("");
  }

  private void compared(
      String name,
      Optional<DrillSight> before,
      Optional<DrillSight> after,
      Function<DrillSight, String> value) {
    line(
        "| %s | %s | %s |"
            .formatted(name, before.map(value).orElse(NONE), after.map(value).orElse(NONE)));
  }

  private void client() {
    line("## The probing client");
    line("");
    if (report.client().isEmpty()) {
      line("None measured: the figures are those of the nodes alone.");
      line("");
      return;
    }
    ClientView client = report.client().orElseThrow();
    row("", "");
    line("|---|---|");
    row("ran on", plain(client.client()));
    row("one request each", DrillWords.seconds(client.interval()));
    row("requests", client.probes() + ", of which " + client.answered() + " answered");
    row("answers while another relay answered too", client.doubled() + " (must be 0)");
    line("");
    client.remarks().forEach(remark -> line("- " + plain(remark)));
    if (!client.remarks().isEmpty()) {
      line("");
    }
  }

  private void timeline() {
    line("## Timeline");
    line("");
    line("| time (UTC) | | node | epoch | what |");
    line("|---|---:|---|---:|---|");
    Instant zero = report.nodes().fault().orElse(report.started());
    for (DrillMark mark : drill.getMarksList()) {
      Instant at = DrillWords.instant(mark.getAt());
      line(
          "| %s | %s | %s | %s | %s |"
              .formatted(
                  MILLIS.format(at),
                  String.format(
                      Locale.ROOT, "%+.2f s", Duration.between(zero, at).toMillis() / 1000.0),
                  plain(mark.getNode()),
                  epoch(mark.getEpoch()),
                  plain(mark.getWhat())));
    }
    line("");
  }

  private void versions() {
    line("## Versions");
    line("");
    line("| | |");
    line("|---|---|");
    new TreeMap<>(drill.getVersionsMap())
        .forEach((node, version) -> row("node " + plain(node), plain(version)));
    row("this command line", plain(report.version()));
    line("");
  }

  private void findings() {
    line("## Findings");
    line("");
    line("What went otherwise than expected, also when the drill passed; \"none\" is an answer.");
    line("");
    line("| no. | what was seen | why | what is done about it | by whom, until when |");
    line("|---|---|---|---|---|");
    for (int number = 1; number <= 3; number++) {
      line("| " + number + " | | | | |");
    }
    line("");
    line("## Signed off");
    line("");
    for (String who : List.of("Ran by", "Reviewed by")) {
      line("- " + who + ": ______________________  date: ____________  signature: ______________");
    }
  }

  private void row(String name, String value) {
    line("| " + name + " | " + value + " |");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static Optional<DrillSight> sight(boolean present, DrillSight sight) {
    return present ? Optional.of(sight) : Optional.empty();
  }

  private static String seconds(Optional<Duration> duration) {
    return duration.map(DrillWords::seconds).orElse(NONE);
  }

  private static String epoch(long epoch) {
    return Long.toUnsignedString(epoch);
  }

  /** What people or nodes wrote, so that it cannot leave its place. */
  private static String plain(String text) {
    return text.isBlank()
        ? NONE
        : text.replaceAll("\\s+", " ").replaceAll("([\\\\|<>*_`\\[\\]])", "\\\\$1").strip();
  }

  private static DateTimeFormatter format(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
