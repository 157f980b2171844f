package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IntervalsTest {
  @Test
  void waitingTimesAreDividedAndNothingElseIs() {
    assertThat(
            Intervals.shortened(
                """
                scrape_interval: 15s
                for: 2m
                group_wait: 0s
                repeat_interval: 12h
                expr: increase(x[15m]) for 2 minutes
                --cluster.peer-timeout=15s --cluster.peer=10.77.0.2:7494
                """))
        .isEqualTo(
            """
            scrape_interval: 3000ms
            for: 24000ms
            group_wait: 0ms
            repeat_interval: 12h
            expr: increase(x[15m]) for 2 minutes
            --cluster.peer-timeout=3000ms --cluster.peer=10.77.0.2:7494
            """);
  }
}
