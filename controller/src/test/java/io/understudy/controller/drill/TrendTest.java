package io.understudy.controller.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.understudy.controller.Clusters;
import io.understudy.controller.SampleDrills;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillKind;
import io.understudy.v1.DrillStage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TrendTest {
  @Test
  void eachKindIsComparedWithItsQuarterBefore() {
    Trend trend =
        Trend.of(
            List.of(
                drill("2026-11-14T15:00:00Z", 20),
                drill("2026-08-08T14:00:00Z", 10),
                drill("2026-08-09T14:00:00Z", 12),
                drill("2026-08-10T14:00:00Z", 30)));
    assertThat(trend.rows())
        .containsExactly(
            new Trend.Row(
                new Quarter(2026, 3),
                DrillKind.DRILL_KIND_CRASH,
                3,
                3,
                seconds(12),
                seconds(30),
                Optional.empty(),
                Optional.empty()),
            new Trend.Row(
                new Quarter(2026, 4),
                DrillKind.DRILL_KIND_CRASH,
                1,
                1,
                seconds(20),
                seconds(20),
                Optional.empty(),
                seconds(8)));
  }

  @Test
  void aDrillThatFailedCountsWithoutAFigureAndOneUnderWayDoesNot() {
    Trend trend =
        Trend.of(
            List.of(
                SampleDrills.failed().build(),
                SampleDrills.accepted(DrillKind.DRILL_KIND_CRASH).build(),
                SampleDrills.passed().setMeasurement(SampleDrills.measured()).build()));
    assertThat(trend.rows())
        .extracting(Trend.Row::kind, Trend.Row::drills, Trend.Row::passed, Trend.Row::outage)
        .containsExactly(
            tuple(DrillKind.DRILL_KIND_SWITCHOVER, 1, 1, Optional.of(Duration.ofMillis(4_400))),
            tuple(DrillKind.DRILL_KIND_CRASH, 1, 0, Optional.empty()));
    assertThat(trend.rows().getLast().recovery()).isEmpty();
  }

  private static Optional<Duration> seconds(long seconds) {
    return Optional.of(Duration.ofSeconds(seconds));
  }

  private static Drill drill(String started, long recoverySeconds) {
    Instant begin = Instant.parse(started);
    long shift = Duration.between(SampleDrills.STARTED, begin).toMillis();
    return SampleDrills.accepted(DrillKind.DRILL_KIND_CRASH)
        .setStage(DrillStage.DRILL_STAGE_PASSED)
        .setStartedAt(Clusters.at(begin))
        .addMarks(SampleDrills.mark(shift, "a", 7, "Fault"))
        .addMarks(SampleDrills.mark(shift + recoverySeconds * 1000, "b", 8, "Serving"))
        .build();
  }
}
