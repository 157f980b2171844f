package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TakeoverFiguresTest {
  /** The beginning of a time step. */
  private static final Instant STEP = Instant.ofEpochSecond(30L * 60_000_000);

  @Test
  void thePhasesAddUpToTheWhole() {
    TakeoverFigures figures =
        TakeoverFigures.of(
            at(0),
            at(9_000),
            ImmutableMap.of(
                "CLAIMING", at(6_000),
                "FENCING", at(6_010),
                "LOGGING_IN", at(7_010),
                "VERIFYING", at(8_000),
                "RECONCILING", at(8_200),
                "SERVING", at(8_900)),
            Instant.EPOCH);

    assertThat(figures.total()).isEqualTo(Duration.ofSeconds(9));
    assertThat(figures.phases())
        .containsExactly(
            phase("detect", 6_000),
            phase("claim", 10),
            phase("fence", 1_000),
            phase("time_step", 0),
            phase("login", 990),
            phase("verify", 200),
            phase("reconcile", 700),
            phase("open", 100));
  }

  @Test
  void aPhaseThatWasTooShortToBeSeenTakesNoTime() {
    TakeoverFigures figures =
        TakeoverFigures.of(
            at(0),
            at(500),
            ImmutableMap.of("LOGGING_IN", at(100), "SERVING", at(400)),
            Instant.EPOCH);

    assertThat(figures.phases())
        .containsExactly(
            phase("detect", 100),
            phase("claim", 0),
            phase("fence", 0),
            phase("time_step", 0),
            phase("login", 300),
            phase("verify", 0),
            phase("reconcile", 0),
            phase("open", 100));
  }

  @Test
  void theWaitForTheNextTimeStepStandsApartFromTheLogin() {
    TakeoverFigures figures =
        TakeoverFigures.of(
            at(6_000),
            at(31_000),
            ImmutableMap.of("LOGGING_IN", at(10_000), "SERVING", at(30_900)),
            at(2_000));

    assertThat(figures.phases()).contains(phase("time_step", 20_000), phase("login", 900));
    assertThat(figures.withoutTimeStep()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aStepThatIsNearlyOverIsNotUsed() {
    TakeoverFigures figures =
        TakeoverFigures.of(
            at(20_000),
            at(31_000),
            ImmutableMap.of("LOGGING_IN", at(25_000), "SERVING", at(30_900)),
            at(-5_000));

    assertThat(figures.phases()).contains(phase("time_step", 5_000), phase("login", 900));
  }

  private static Instant at(long millis) {
    return STEP.plusMillis(millis);
  }

  private static Map.Entry<String, Duration> phase(String name, long millis) {
    return Map.entry(name, Duration.ofMillis(millis));
  }
}
