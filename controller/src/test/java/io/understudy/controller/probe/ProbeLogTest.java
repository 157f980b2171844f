package io.understudy.controller.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProbeLogTest {
  private final List<Probe> probes = new ArrayList<>();

  @Test
  void theLongestGapIsThatBetweenTheTwoNodes() {
    answers("a", 0, 10, 20);
    fails("a", 30, 40, 50, 60, 70, 80, 90);
    answers("b", 70, 80);
    answers("a", 120);
    assertThat(log().longestGap("a", "b")).contains(new ProbeLog.Gap("a", 20, "b", 70));
    assertThat(log().longestGap("b", "a")).contains(new ProbeLog.Gap("b", 80, "a", 120));
    assertThat(log().longestGap("a", "c")).isEmpty();
  }

  @Test
  void aNodeThatServesAgainItselfHasItsGapToo() {
    answers("a", 0, 10, 60, 70);
    assertThat(log().longestGap("a", "a")).contains(new ProbeLog.Gap("a", 10, "a", 60));
  }

  @Test
  void aStretchEndsWithTheFirstRequestThatGetsNoAnswer() {
    answers("a", 0, 10);
    fails("a", 20);
    answers("a", 30, 40);
    answers("b", 15);
    assertThat(log().stretches())
        .containsExactly(
            new ProbeLog.Stretch("a", 0, 10, 2),
            new ProbeLog.Stretch("b", 15, 15, 1),
            new ProbeLog.Stretch("a", 30, 40, 2));
    assertThat(log().doubled()).isZero();
  }

  @Test
  void anAnswerWithinTheStretchOfAnotherRelayIsDoubled() {
    answers("a", 0, 10, 20);
    answers("b", 15);
    assertThat(log().doubled()).isEqualTo(1);
  }

  @Test
  void relaysThatAnswerInTurnAreBothCounted() {
    answers("a", 0, 20, 40);
    answers("b", 10, 30, 50);
    assertThat(log().doubled()).isEqualTo(4);
  }

  @Test
  void nothingSeenIsNothingFound() {
    assertThat(log().stretches()).isEmpty();
    assertThat(log().answering()).isEmpty();
    assertThat(log().longestGap("a", "a")).isEmpty();
    assertThat(log().doubled()).isZero();
  }

  private ProbeLog log() {
    return new ProbeLog(probes);
  }

  private void answers(String node, long... times) {
    for (long at : times) {
      probes.add(new Probe(node, at - 1, at, true));
    }
  }

  private void fails(String node, long... times) {
    for (long at : times) {
      probes.add(new Probe(node, at - 1, at, false));
    }
  }
}
