package io.understudy.node.core.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.login.LoginAttempt.Verdict;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LoginBudgetTest {
  private static final Instant AT = Instant.parse("2026-03-03T14:00:00Z");

  private static LoginLedger after(Verdict... verdicts) {
    LoginLedger ledger = LoginLedger.EMPTY;
    for (Verdict verdict : verdicts) {
      String id = "1-" + ledger.attempts().size();
      ledger =
          ledger
              .withAttempt(new LoginAttempt(id, new NodeId("a"), new Epoch(1), AT, Verdict.OPEN))
              .withVerdict(id, verdict, AT);
    }
    return ledger;
  }

  @Test
  void whatIsNotKnownToBeHarmlessCounts() {
    assertThat(after(Verdict.OPEN).failuresInRow()).isEqualTo(1);
    assertThat(after(Verdict.UNKNOWN).failuresInRow()).isEqualTo(1);
    assertThat(after(Verdict.REFUSED).failuresInRow()).isEqualTo(1);
    assertThat(after(Verdict.NOT_SUBMITTED).failuresInRow()).isZero();
    assertThat(after(Verdict.SUCCEEDED).failuresInRow()).isZero();
  }

  @Test
  void aSuccessEndsTheRowAndAnAttemptNeverSubmittedDoesNot() {
    assertThat(after(Verdict.REFUSED, Verdict.SUCCEEDED, Verdict.REFUSED).failuresInRow())
        .isEqualTo(1);
    assertThat(after(Verdict.REFUSED, Verdict.NOT_SUBMITTED, Verdict.REFUSED).failuresInRow())
        .isEqualTo(2);
  }

  @Test
  void theRowOutlivesWhatTheLedgerForgets() {
    Verdict[] many = new Verdict[LoginLedger.ATTEMPTS_MAX + 5];
    Arrays.fill(many, Verdict.REFUSED);
    LoginLedger ledger = after(many);
    assertThat(ledger.attempts()).hasSize(LoginLedger.ATTEMPTS_MAX);
    assertThat(ledger.failuresInRow()).isEqualTo(LoginLedger.ATTEMPTS_MAX);
  }

  @Test
  void anUnlockForgivesTheRowAndKeepsTheSteps() {
    LoginLedger ledger =
        after(Verdict.REFUSED, Verdict.OPEN).withStep(new TotpStep(7)).locked(Instant.MAX, "spent");
    LoginLedger unlocked = ledger.unlocked(Optional.empty());
    assertThat(unlocked.failuresInRow()).isZero();
    assertThat(unlocked.lockedUntil()).isEmpty();
    assertThat(unlocked.lockReason()).isEmpty();
    assertThat(unlocked.lastStep()).contains(new TotpStep(7));
  }

  @Test
  void anUnlockDoesNotForgiveTheAttemptUnderWay() {
    LoginLedger unlocked =
        after(Verdict.REFUSED, Verdict.REFUSED, Verdict.OPEN).unlocked(Optional.of("1-2"));
    assertThat(unlocked.failuresInRow()).isEqualTo(1);
    assertThat(unlocked.withVerdict("1-2", Verdict.REFUSED, AT).failuresInRow()).isEqualTo(1);
  }

  @Test
  void aVerdictOnAForgottenAttemptChangesNothing() {
    LoginLedger ledger = after(Verdict.REFUSED);
    assertThat(ledger.withVerdict("other", Verdict.REFUSED, AT)).isEqualTo(ledger);
  }

  @Test
  void onlyASuccessMovesTheTimeOfTheLastSuccess() {
    assertThat(after(Verdict.REFUSED).lastSuccess()).isEmpty();
    assertThat(after(Verdict.SUCCEEDED).lastSuccess()).contains(AT);
  }
}
