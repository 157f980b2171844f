package io.understudy.node.core.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PeerAnswerTest {
  private static final PeerReport REPORT =
      new PeerReport(Optional.empty(), "0.1.0", true, ImmutableList.of());
  private static final Instant SENT = Instant.parse("2026-11-20T12:00:00Z");

  private static PeerAnswer measured(long elapsed, long receivedAt, long answeredAt) {
    return PeerAnswer.measured(
        REPORT,
        SENT,
        Duration.ofMillis(elapsed),
        SENT.plusMillis(receivedAt),
        SENT.plusMillis(answeredAt));
  }

  @Test
  void theRoundTripIsWithoutWhatThePeerTook() {
    assertThat(measured(30, 10, 20).roundTrip()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void clocksThatAgreeDifferByNothing() {
    assertThat(measured(30, 10, 20).clockOffset()).isZero();
  }

  @Test
  void aClockThatIsAheadHasAPositiveOffset() {
    assertThat(measured(30, 3_010, 3_020).clockOffset()).isEqualTo(Duration.ofSeconds(3));
    assertThat(measured(30, -1_990, -1_980).clockOffset()).isEqualTo(Duration.ofSeconds(-2));
  }

  @Test
  void whatTheWaysMayHaveTakenIsNotCertain() {
    PeerAnswer slow = measured(800, 500, 500);
    assertThat(slow.clockOffset()).isEqualTo(Duration.ofMillis(100));
    assertThat(slow.certainOffset()).isZero();
    assertThat(measured(800, 2_400, 2_400).certainOffset()).isEqualTo(Duration.ofMillis(1_600));
  }

  @Test
  void aPeerWhoseClockWasSetBackWhileItAnsweredHasNoNegativeRoundTrip() {
    assertThat(measured(30, 10, 500).roundTrip()).isZero();
  }
}
