package io.understudy.controller.drill;

import io.understudy.v1.Drill;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * A drill that has ended, or goes on still, as its report tells it: the one model of all its forms.
 *
 * @param client what a probing client saw; absent when none ran, or it reached no relay
 * @param version of the program that wrote it
 */
public record DrillReport(
    Drill drill, NodesView nodes, Optional<ClientView> client, String version) {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** With what the client saw itself, else with what the record keeps of it. */
  public static DrillReport of(Drill drill, Optional<ClientView> client, String version) {
    return new DrillReport(
        drill, NodesView.of(drill), client.or(() -> ClientView.of(drill)), version);
  }

  /** Of its files, without an ending: gateway, start and kind. */
  public String name() {
    return "drill-"
        + drill.getGateway().replaceAll("[^A-Za-z0-9._-]", "_")
        + "-"
        + STAMP.format(started())
        + "-"
        + DrillWords.kind(drill.getPlan().getKind());
  }

  Instant started() {
    return DrillWords.instant(drill.getStartedAt());
  }

  /** The objective that it was held against. */
  Optional<Duration> rto() {
    return drill.getPlan().hasRto()
        ? Optional.of(DrillWords.duration(drill.getPlan().getRto()))
        : Optional.empty();
  }

  /** One clause on the objective; empty when there is nothing to compare. */
  Optional<String> againstRto() {
    return rto()
        .flatMap(objective -> nodes.recovery().map(recovery -> againstRto(objective, recovery)));
  }

  private static String againstRto(Duration objective, Duration recovery) {
    Duration left = objective.minus(recovery);
    return left.isNegative()
        ? "missed by " + DrillWords.seconds(left.negated())
        : "met with " + DrillWords.seconds(left) + " to spare";
  }

  /** Of what the report holds, the earliest and the latest moment. */
  Instant first() {
    return moments(true);
  }

  Instant last() {
    return moments(false);
  }

  private Instant moments(boolean earliest) {
    Instant found =
        earliest || !drill.hasEndedAt() ? started() : DrillWords.instant(drill.getEndedAt());
    for (var mark : drill.getMarksList()) {
      found = outer(found, DrillWords.instant(mark.getAt()), earliest);
    }
    return found;
  }

  private static Instant outer(Instant one, Instant other, boolean earliest) {
    return one.isBefore(other) == earliest ? one : other;
  }
}
