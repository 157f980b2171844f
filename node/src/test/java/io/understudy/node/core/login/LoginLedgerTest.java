package io.understudy.node.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class LoginLedgerTest {
  private static final TotpStep STEP = new TotpStep(59_000_000);
  private static final Duration NEEDED = Duration.ofSeconds(8);

  @Test
  void aCodeMayBeSubmittedAtOnceInAStepThatNobodyUsed() {
    Instant now = STEP.begin().plusSeconds(22);

    assertThat(LoginLedger.EMPTY.codeUsableAt(now, NEEDED)).isEqualTo(now);
    assertThat(
            LoginLedger.EMPTY.withStep(new TotpStep(STEP.number() - 1)).codeUsableAt(now, NEEDED))
        .isEqualTo(now);
  }

  @Test
  void aStepThatIsNearlyOverIsLeftToPass() {
    assertThat(LoginLedger.EMPTY.codeUsableAt(STEP.begin().plusSeconds(23), NEEDED))
        .isEqualTo(STEP.next().begin());
  }

  @Test
  void aStepThatWasUsedIsLeftToPass() {
    assertThat(LoginLedger.EMPTY.withStep(STEP).codeUsableAt(STEP.begin(), NEEDED))
        .isEqualTo(STEP.next().begin());
  }

  @Test
  void aLaterStepOfAFasterClockIsLeftToPassToo() {
    assertThat(LoginLedger.EMPTY.withStep(STEP.next()).codeUsableAt(STEP.begin(), NEEDED))
        .isEqualTo(STEP.next().next().begin());
  }
}
