package io.understudy.node.core.drill;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillVerdictTest {
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  private static final NodeId A = new NodeId("a");
  private static final NodeId B = new NodeId("b");
  private static final Epoch SEVEN = new Epoch(7);
  private static final Epoch EIGHT = new Epoch(8);
  private static final Epoch NINE = new Epoch(9);

  private static DrillMark mark(int second, NodeId node, Epoch epoch, String what) {
    return new DrillMark(START.plusSeconds(second), node, epoch, what);
  }

  private static DrillSight sight(
      NodeId node, int positions, Optional<Integer> orders, int sessions) {
    return new DrillSight(START, node, EIGHT, positions, 0, orders, sessions);
  }

  private static Drill drill(DrillKind kind, DrillMark... marks) {
    return new Drill(
        "drill-1",
        new DrillPlan(
            kind,
            Optional.of(B),
            false,
            Optional.of(Duration.ofSeconds(30)),
            Optional.of(Duration.ofMinutes(5)),
            ImmutableList.of()),
        "olga",
        "quarterly",
        START,
        START.plusSeconds(300),
        Optional.empty(),
        DrillStage.RECOVERED,
        "serves",
        A,
        new InstanceId("life-1"),
        SEVEN,
        ImmutableList.copyOf(marks),
        sight(A, 4, Optional.of(2), 1),
        Optional.of(sight(B, 4, Optional.of(2), 1)),
        Optional.empty(),
        ImmutableSortedMap.of());
  }

  private static Drill takenOver() {
    return drill(
        DrillKind.CRASH,
        mark(0, A, SEVEN, DrillMark.STARTED),
        mark(2, A, SEVEN, DrillMark.FAULT),
        mark(9, B, EIGHT, "Claiming"),
        mark(20, B, EIGHT, DrillMark.GATE_OPEN));
  }

  @Test
  void aTakeoverWithinTheObjectiveThatHoldsWhatWasHeldPasses() {
    DrillVerdict verdict = DrillVerdict.of(takenOver());

    assertThat(verdict.passed()).isTrue();
    assertThat(verdict.sentence())
        .isEqualTo(
            "passed: orders passed again 18.0 s after the fault; 4 positions as before, one"
                + " brokerage session");
  }

  @Test
  void aTakeoverThatTookLongerThanTheObjectiveFails() {
    Drill late =
        drill(
            DrillKind.CRASH,
            mark(2, A, SEVEN, DrillMark.FAULT),
            mark(40, B, EIGHT, DrillMark.GATE_OPEN));

    DrillVerdict verdict = DrillVerdict.of(late);

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.sentence()).contains("took 38.0 s, longer than the objective of 30.0 s");
  }

  @Test
  void aHandOverIsMeasuredFromTheMomentWhenTheLeaderGivesUp() {
    Drill waited =
        drill(
            DrillKind.SWITCHOVER,
            mark(0, A, SEVEN, DrillMark.FAULT),
            mark(28, A, SEVEN, DrillMark.CEDING),
            mark(35, B, EIGHT, DrillMark.GATE_OPEN));

    assertThat(DrillVerdict.recovery(waited)).contains(Duration.ofSeconds(7));
    assertThat(DrillVerdict.of(waited).passed()).isTrue();
  }

  @Test
  void aSuccessorThatGivesUpMeanwhileDoesNotShortenTheTime() {
    Drill twice =
        drill(
            DrillKind.CRASH,
            mark(0, A, SEVEN, DrillMark.FAULT),
            mark(15, B, EIGHT, DrillMark.CEDING),
            mark(25, new NodeId("c"), NINE, DrillMark.GATE_OPEN));

    assertThat(DrillVerdict.recovery(twice)).contains(Duration.ofSeconds(25));
  }

  @Test
  void theWayBackIsMeasuredOnItsOwn() {
    Drill back =
        takenOver()
            .marked(mark(60, B, EIGHT, DrillMark.FALLING_BACK))
            .marked(mark(75, B, EIGHT, DrillMark.CEDING))
            .marked(mark(80, A, NINE, DrillMark.GATE_OPEN));

    assertThat(DrillVerdict.recovery(back)).contains(Duration.ofSeconds(18));
    assertThat(DrillVerdict.wayBack(back)).contains(Duration.ofSeconds(5));
    assertThat(DrillVerdict.of(back).sentence()).contains("on the way back after 5.0 s");
  }

  @Test
  void aLeaderThatComesBackItselfHasPractisedNoTakeover() {
    Drill alone =
        drill(
            DrillKind.CRASH,
            mark(0, A, SEVEN, DrillMark.FAULT),
            mark(10, A, EIGHT, DrillMark.GATE_OPEN));

    assertThat(DrillVerdict.of(alone).sentence()).contains("no other node took over from node a");
  }

  @Test
  void otherPositionsLostOrdersAndASecondSessionAreEachNamed() {
    Drill drill = takenOver().seenAfter(sight(B, 3, Optional.of(1), 2));

    DrillVerdict verdict = DrillVerdict.of(drill);

    assertThat(verdict.passed()).isFalse();
    assertThat(verdict.sentence())
        .contains("3 positions were compared, before it were 4")
        .contains("1 orders are open, before it were 2")
        .contains("2 nodes have a brokerage session");
  }

  @Test
  void ordersThatNobodyCountedAreNoLoss() {
    assertThat(DrillVerdict.of(takenOver().seenAfter(sight(B, 4, Optional.empty(), 1))).passed())
        .isTrue();
  }

  @Test
  void withoutAnybodyWhoServesThereIsNoPass() {
    Drill nobody = drill(DrillKind.CRASH, mark(0, A, SEVEN, DrillMark.FAULT));

    assertThat(DrillVerdict.recovery(nobody)).isEmpty();
    assertThat(DrillVerdict.of(nobody).passed()).isFalse();
  }
}
