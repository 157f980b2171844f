package io.understudy.controller.drill;

import static io.understudy.controller.SampleDrills.accepted;
import static io.understudy.controller.SampleDrills.mark;
import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.controller.SampleDrills;
import io.understudy.v1.Drill;
import io.understudy.v1.DrillKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NodesViewTest {
  @Test
  void aPlannedHandOverCountsFromTheMomentInWhichTheLeaderGaveUp() {
    NodesView view = NodesView.of(SampleDrills.passed().build());
    assertThat(view.recovery()).contains(Duration.ofMillis(4_250));
    assertThat(view.waiting()).contains(Duration.ofSeconds(10));
    Passage there = view.there().orElseThrow();
    assertThat(there.whole()).isEqualTo(Duration.ofMillis(4_250));
    assertThat(there.parts())
        .containsExactly(
            part("detect", 500),
            part("claim", 100),
            part("fence", 50),
            part("login", 3_100),
            part("verify", 200),
            part("reconcile", 200),
            part("gate", 100));
    assertThat(view.back().orElseThrow().whole()).isEqualTo(Duration.ofMillis(4_500));
    assertThat(view.successor()).contains("b");
  }

  @Test
  void aCrashCountsFromTheFault() {
    Drill drill =
        accepted(DrillKind.DRILL_KIND_CRASH)
            .addMarks(mark(50, "a", 7, "Fault"))
            .addMarks(mark(6_050, "b", 8, "Claiming"))
            .addMarks(mark(6_150, "b", 8, "LoggingIn"))
            .addMarks(mark(9_150, "b", 8, "Serving"))
            .build();
    NodesView view = NodesView.of(drill);
    assertThat(view.waiting()).isEmpty();
    assertThat(view.recovery()).contains(Duration.ofMillis(9_100));
    assertThat(view.there().orElseThrow().parts())
        .contains(part("detect", 6_000), part("claim", 100), part("fence", 0))
        .contains(part("login", 3_000), part("verify", 0), part("gate", 0));
  }

  @Test
  void aGatewayThatLogsInAgainOnItsOwnNodeHasNoClaim() {
    Drill drill =
        accepted(DrillKind.DRILL_KIND_GATEWAY_CRASH)
            .addMarks(mark(50, "a", 7, "Fault"))
            .addMarks(mark(1_050, "a", 7, "LoggingIn"))
            .addMarks(mark(4_050, "a", 7, "Serving"))
            .build();
    assertThat(NodesView.of(drill).there().orElseThrow().parts())
        .contains(part("detect", 1_000), part("claim", 0), part("login", 3_000));
  }

  @Test
  void aLeaderThatCedesAfterACrashOfItsGatewayWasDownSinceTheFault() {
    Drill drill =
        accepted(DrillKind.DRILL_KIND_GATEWAY_CRASH)
            .addMarks(mark(50, "a", 7, "Fault"))
            .addMarks(mark(5_050, "a", 7, "Ceding"))
            .addMarks(mark(6_050, "b", 8, "Claiming"))
            .addMarks(mark(9_050, "b", 8, "Serving"))
            .build();
    assertThat(NodesView.of(drill).there().orElseThrow().whole()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void withoutAFaultOrAServiceThereAreNoFigures() {
    assertThat(NodesView.of(accepted(DrillKind.DRILL_KIND_CRASH).build()).fault()).isEmpty();
    NodesView failed = NodesView.of(SampleDrills.failed().build());
    assertThat(failed.there()).isEmpty();
    assertThat(failed.recovery()).isEmpty();
    assertThat(failed.back()).isEmpty();
  }

  private static Passage.Part part(String name, long millis) {
    return new Passage.Part(name, Duration.ofMillis(millis));
  }
}
