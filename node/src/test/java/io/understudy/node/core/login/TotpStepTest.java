package io.understudy.node.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class TotpStepTest {
  @Test
  void stepsAreThirtySecondsSinceTheUnixEpoch() {
    // RFC 6238, appendix B.
    assertThat(TotpStep.at(Instant.ofEpochSecond(59))).isEqualTo(new TotpStep(1));
    assertThat(TotpStep.at(Instant.ofEpochSecond(1_111_111_109)))
        .isEqualTo(new TotpStep(0x23523EC));
    assertThat(TotpStep.at(Instant.ofEpochSecond(20_000_000_000L)))
        .isEqualTo(new TotpStep(0x27BC86AA));
    assertThat(TotpStep.at(Instant.ofEpochSecond(-1))).isEqualTo(new TotpStep(-1));
  }

  @Test
  void aStepEndsWhereTheNextBegins() {
    TotpStep step = new TotpStep(100);
    assertThat(step.begin()).isEqualTo(Instant.ofEpochSecond(3_000));
    assertThat(step.next().begin()).isEqualTo(Instant.ofEpochSecond(3_030));
    assertThat(TotpStep.at(step.next().begin())).isEqualTo(step.next());
    assertThat(TotpStep.at(step.next().begin().minusNanos(1))).isEqualTo(step);
  }

  @Test
  void whatIsLeftOfAStepIsExact() {
    TotpStep step = new TotpStep(100);
    assertThat(step.remaining(Instant.ofEpochSecond(3_000))).isEqualTo(Duration.ofSeconds(30));
    assertThat(step.remaining(Instant.ofEpochSecond(3_022))).isEqualTo(TotpStep.REMAINING_MIN);
    assertThat(step.remaining(Instant.ofEpochSecond(3_031))).isEqualTo(Duration.ofSeconds(-1));
  }
}
