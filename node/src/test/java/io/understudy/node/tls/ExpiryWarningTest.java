package io.understudy.node.tls;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.testing.LogLines;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ExpiryWarningTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private final LogLines log = LogLines.of(ExpiryWarning.class);
  private Instant ends = NOW.plus(Duration.ofDays(31));
  private final ExpiryWarning warning = new ExpiryWarning(ImmutableMap.of("api", () -> ends));

  @AfterEach
  void closeLog() {
    log.close();
  }

  private void lookEveryHour(Instant from, int hours) {
    for (int hour = 0; hour < hours; hour++) {
      warning.look(from.plus(Duration.ofHours(hour)));
    }
  }

  @Test
  void aCertificateThatLastsIsNotSpokenOf() {
    warning.look(NOW);
    assertThat(log.warnings()).isEmpty();
  }

  @Test
  void theLastThirtyDaysAreSaidOnceADay() {
    lookEveryHour(NOW, 24 * 4);
    assertThat(log.warnings()).hasSize(3);
    assertThat(log.warnings().getFirst())
        .contains("certificate=api ends=2026-12-21T10:00:00Z days-left=29");
  }

  @Test
  void aNewCertificateEndsTheWarnings() {
    lookEveryHour(NOW.plus(Duration.ofDays(5)), 2);
    ends = NOW.plus(Duration.ofDays(400));
    lookEveryHour(NOW.plus(Duration.ofDays(6)), 48);
    assertThat(log.warnings()).hasSize(1);
  }
}
