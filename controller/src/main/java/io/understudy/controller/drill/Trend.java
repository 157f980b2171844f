package io.understudy.controller.drill;

import io.understudy.v1.Drill;
import io.understudy.v1.DrillKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Drills compared by quarter, each kind with its own. */
public record Trend(List<Row> rows) {
  public Trend {
    rows = List.copyOf(rows);
  }

  /**
   * The drills of one kind in one quarter that have ended.
   *
   * @param recovery the median of those that recovered: the middle one, of two the longer
   * @param worst the longest recovery
   * @param outage the longest that a client saw
   * @param change of the median against the quarter before that has one, of the same kind
   */
  public record Row(
      Quarter quarter,
      DrillKind kind,
      int drills,
      int passed,
      Optional<Duration> recovery,
      Optional<Duration> worst,
      Optional<Duration> outage,
      Optional<Duration> change) {}

  /** Oldest quarter first, kinds in the order in which they are defined. */
  public static Trend of(List<Drill> drills) {
    Map<DrillKind, Duration> medians = new TreeMap<>();
    Map<Quarter, Map<DrillKind, List<Drill>>> groups =
        new TreeMap<>(Comparator.comparingInt(Quarter::year).thenComparingInt(Quarter::number));
    drills.stream()
        .filter(DrillWords::ended)
        .forEach(drill ->
            groups
                .computeIfAbsent(
                    Quarter.of(DrillWords.instant(drill.getStartedAt())), _ -> new TreeMap<>())
                .computeIfAbsent(drill.getPlan().getKind(), _ -> new ArrayList<>())
                .add(drill));
    List<Row> rows = new ArrayList<>();
    groups.forEach((quarter, kinds) ->
        kinds.forEach((kind, group) -> {
          Row row = row(quarter, kind, group, Optional.ofNullable(medians.get(kind)));
          row.recovery().ifPresent(median -> medians.put(kind, median));
          rows.add(row);
        }));
    return new Trend(rows);
  }

  private static Row row(
      Quarter quarter, DrillKind kind, List<Drill> drills, Optional<Duration> before) {
    List<Duration> recoveries =
        drills.stream()
            .map(drill -> NodesView.of(drill).recovery())
            .flatMap(Optional::stream)
            .sorted()
            .toList();
    Optional<Duration> median =
        recoveries.isEmpty()
            ? Optional.empty()
            : Optional.of(recoveries.get(recoveries.size() / 2));
    return new Row(
        quarter,
        kind,
        drills.size(),
        Math.toIntExact(drills.stream().filter(DrillWords::passed).count()),
        median,
        recoveries.isEmpty() ? Optional.empty() : Optional.of(recoveries.getLast()),
        drills.stream()
            .flatMap(drill -> ClientView.of(drill).flatMap(ClientView::outage).stream())
            .max(Comparator.naturalOrder()),
        median.flatMap(now -> before.map(now::minus)));
  }
}
