package io.understudy.node.page;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.page.Takeover.Cause;
import io.understudy.node.page.Takeover.Name;
import io.understudy.node.page.Takeover.Outcome;
import io.understudy.node.page.Takeover.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What happened, as the cluster's histories and what this node has seen tell it together. Pure.
 *
 * @param lines of all gateways, newest first
 * @param takeovers newest first
 * @param drills what became of drills, newest first; hand-overs with the reason "drill" too
 */
@Immutable
record Timeline(
    ImmutableList<Line> lines, ImmutableList<Takeover> takeovers, ImmutableList<Line> drills) {
  private static final int LINES_MAX = 80;
  private static final int TAKEOVERS_MAX = 8;

  /** One line of a gateway's history. */
  @Immutable
  record Line(GatewayId gateway, HistoryEntry entry) {}

  /**
   * Puts them together.
   *
   * @param histories newest first
   */
  static Timeline of(
      ImmutableMap<GatewayId, ImmutableList<HistoryEntry>> histories,
      Function<GatewayId, ImmutableList<Takeover>> seen) {
    ImmutableList<Line> lines =
        histories.entrySet().stream()
            .flatMap(history ->
                history.getValue().stream().map(entry -> new Line(history.getKey(), entry)))
            .sorted(Comparator.comparing((Line line) -> line.entry().at()).reversed())
            .collect(ImmutableList.toImmutableList());
    ImmutableList<Takeover> takeovers =
        histories.entrySet().stream()
            .flatMap(history ->
                takeovers(history.getKey(), history.getValue(), seen.apply(history.getKey())))
            .sorted(Comparator.comparing(Takeover::began).reversed())
            .limit(TAKEOVERS_MAX)
            .collect(ImmutableList.toImmutableList());
    return new Timeline(
        lines.stream().limit(LINES_MAX).collect(ImmutableList.toImmutableList()),
        takeovers,
        lines.stream().filter(Timeline::drill).collect(ImmutableList.toImmutableList()));
  }

  /** Of one gateway: what was seen goes before what its history alone tells. */
  private static Stream<Takeover> takeovers(
      GatewayId gateway, ImmutableList<HistoryEntry> newestFirst, ImmutableList<Takeover> seen) {
    TreeMap<Epoch, Takeover> byEpoch = new TreeMap<>();
    ImmutableList<HistoryEntry> lines = newestFirst.reverse();
    Epoch newest =
        lines.stream().map(HistoryEntry::epoch).max(Comparator.naturalOrder()).orElse(Epoch.NONE);
    for (HistoryEntry line : lines) {
      if (line.kind().equals("Claimed")) {
        byEpoch.put(line.epoch(), told(gateway, line, lines, line.epoch().equals(newest)));
      }
    }
    seen.stream()
        .filter(takeover -> !servedLater(takeover, lines))
        .forEach(takeover ->
            byEpoch.put(takeover.epoch(), because(takeover, cause(takeover.epoch(), lines))));
    return byEpoch.values().stream();
  }

  /** Nobody follows what has needed a person; the history knows that it came to serve. */
  private static boolean servedLater(Takeover takeover, ImmutableList<HistoryEntry> lines) {
    return takeover.outcome() == Outcome.NEEDS_OPERATOR
        && first(lines, takeover.epoch(), "Claimed").isPresent()
        && first(lines, takeover.epoch(), "Serving").isPresent();
  }

  private static Takeover because(Takeover takeover, Cause cause) {
    return new Takeover(
        takeover.gateway(),
        takeover.epoch(),
        takeover.node(),
        cause,
        takeover.outcome(),
        takeover.began(),
        takeover.ended(),
        takeover.steps());
  }

  private static Takeover told(
      GatewayId gateway, HistoryEntry claim, ImmutableList<HistoryEntry> lines, boolean newest) {
    Epoch epoch = claim.epoch();
    Optional<Instant> login = first(lines, epoch, "Login");
    Optional<Instant> serving = first(lines, epoch, "Serving");
    boolean over = !newest || first(lines, epoch, "Ceded").isPresent();
    Outcome outcome =
        serving.isPresent() ? Outcome.SERVING : over ? Outcome.GIVEN_UP : Outcome.UNDER_WAY;
    Instant last =
        serving.orElseGet(() ->
            lines.stream()
                .filter(line -> line.epoch().equals(epoch))
                .map(HistoryEntry::at)
                .max(Comparator.naturalOrder())
                .orElse(claim.at()));
    ImmutableList.Builder<Step> steps = ImmutableList.builder();
    login.ifPresent(at -> steps.add(new Step(Name.CLAIM_TO_LOGIN, between(claim.at(), at))));
    steps.add(new Step(Name.LOGIN_TO_SERVING, between(login.orElse(claim.at()), last)));
    return new Takeover(
        gateway,
        epoch,
        claim.node(),
        cause(epoch, lines),
        outcome,
        claim.at(),
        outcome == Outcome.UNDER_WAY ? Optional.empty() : Optional.of(last),
        steps.build());
  }

  /** Clocks of several nodes may differ. */
  private static Duration between(Instant from, Instant to) {
    return to.isBefore(from) ? Duration.ZERO : Duration.between(from, to);
  }

  private static Optional<Instant> first(
      ImmutableList<HistoryEntry> lines, Epoch epoch, String kind) {
    return lines.stream()
        .filter(line -> line.epoch().equals(epoch) && line.kind().equals(kind))
        .map(HistoryEntry::at)
        .findFirst();
  }

  private static Cause cause(Epoch epoch, ImmutableList<HistoryEntry> lines) {
    if (epoch.number() == 1) {
      return Cause.FIRST;
    }
    ImmutableList<HistoryEntry> former =
        lines.stream()
            .filter(line -> line.epoch().number() == epoch.number() - 1)
            .collect(ImmutableList.toImmutableList());
    if (former.isEmpty()) {
      return Cause.UNKNOWN;
    }
    return former.stream().anyMatch(line -> line.kind().equals("Ceded"))
        ? Cause.HANDED_OVER
        : Cause.LOST;
  }

  /** A drill's own line, or a rehearsal: {@code understudy failover --to NODE --reason drill}. */
  private static boolean drill(Line line) {
    String sentence = line.entry().sentence().toLowerCase(Locale.ROOT);
    return switch (line.entry().kind()) {
      case "Drill" -> true;
      case "Command" -> sentence.matches("(failover: (a )?drill\\b|drill (run|abort) ).*");
      default -> false;
    };
  }
}
