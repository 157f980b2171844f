package io.understudy.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseWatchTest {
  @Test
  void onlyWhatIsMoreThanAHundredMillisecondsLateIsAPause() {
    assertThat(PauseWatch.pause(Duration.ofMillis(20))).isZero();
    assertThat(PauseWatch.pause(Duration.ofMillis(50))).isZero();
    assertThat(PauseWatch.pause(Duration.ofMillis(150))).isZero();
    assertThat(PauseWatch.pause(Duration.ofMillis(151))).isEqualTo(Duration.ofMillis(101));
    assertThat(PauseWatch.pause(Duration.ofSeconds(9))).isEqualTo(Duration.ofMillis(8_950));
  }
}
