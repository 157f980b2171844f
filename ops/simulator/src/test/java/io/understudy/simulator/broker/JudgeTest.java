package io.understudy.simulator.broker;

import static io.understudy.simulator.broker.Violation.Promise.LoginBudget;
import static io.understudy.simulator.broker.Violation.Promise.OneCodePerStep;
import static io.understudy.simulator.broker.Violation.Promise.SingleSession;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JudgeTest {
  private static final String USER = "ana";
  private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");

  private final List<Violation> violations = new ArrayList<>();
  private final Judge judge = new Judge(Duration.ofSeconds(2), 3, violations::add);
  private Instant now = START;

  private void pass(long millis) {
    now = now.plusMillis(millis);
  }

  private void logIn(String source) {
    judge.credentialsSubmitted(USER, source, now, false);
    judge.loginSucceeded(USER);
    judge.brokerageOpened(USER, source, now);
  }

  private void use(String source) {
    judge.clientCalled(USER, source, "/iserver/account/orders", true, now);
  }

  private void look(String source) {
    judge.clientCalled(USER, source, "/tickle", false, now);
  }

  private List<Violation.Promise> promises() {
    return violations.stream().map(Violation::promise).toList();
  }

  @Test
  void aLoginAfterALogoutIsClean() {
    logIn("a");
    use("a");
    judge.ended(USER, "a");
    pass(10);
    logIn("b");
    use("b");

    assertThat(violations).isEmpty();
  }

  @Test
  void aLoginRightAfterTheHoldersProcessDiedIsClean() {
    logIn("a");
    use("a");
    judge.ended("a");
    pass(10);
    logIn("b");

    assertThat(violations).isEmpty();
  }

  @Test
  void aLoginOverASilentRemnantIsClean() {
    logIn("a");
    use("a");
    pass(2_001);
    logIn("b");

    assertThat(violations).isEmpty();
  }

  @Test
  void aLoginWhileAnotherIsAtWorkBreaksSingleSession() {
    logIn("a");
    pass(5_000);
    look("a");
    pass(1_500);
    logIn("b");

    assertThat(promises()).containsExactly(SingleSession);
    assertThat(violations.getFirst().what())
        .isEqualTo(
            "b submitted credentials while a was logged in or logging in, last active 1500 ms"
                + " before");
  }

  @Test
  void twoLoginsAtTheSameTimeBreakSingleSession() {
    judge.credentialsSubmitted(USER, "a", now, false);
    pass(300);
    judge.credentialsSubmitted(USER, "b", now, false);

    assertThat(promises()).containsExactly(SingleSession);
  }

  @Test
  void aRefusedLoginFreesTheWayForAnotherSource() {
    judge.credentialsSubmitted(USER, "a", now, false);
    judge.loginRefused(USER, "a", true, false);
    pass(300);
    logIn("b");

    assertThat(violations).isEmpty();
  }

  @Test
  void aDisplacedSourceMayLookAndLogOut() {
    logIn("a");
    pass(10_000);
    logIn("b");
    pass(100);
    look("a");
    judge.ended(USER, "a");

    assertThat(violations).isEmpty();
  }

  @Test
  void aDisplacedSourceThatTradesBreaksSingleSessionOnce() {
    logIn("a");
    pass(10_000);
    logIn("b");
    pass(100);
    use("a");
    use("a");

    assertThat(promises()).containsExactly(SingleSession);
    assertThat(violations.getFirst().source()).isEqualTo("a");
    assertThat(violations.getFirst().other()).isEqualTo("b");
  }

  @Test
  void aDisplacedGatewayThatTakesTheSessionBackBreaksSingleSession() {
    logIn("a");
    pass(10_000);
    logIn("b");
    pass(60_000);
    judge.brokerageOpened(USER, "a", now);

    assertThat(promises()).containsExactly(SingleSession);
  }

  @Test
  void aGatewayThatOnlyLoggedOutAndTakesTheSessionBackBreaksSingleSession() {
    logIn("a");
    judge.ended(USER, "a");
    logIn("b");
    pass(60_000);
    judge.brokerageOpened(USER, "a", now);

    assertThat(promises()).containsExactly(SingleSession);
  }

  @Test
  void eachDisplacementIsJudgedAnew() {
    logIn("a");
    pass(10_000);
    logIn("b");
    use("a");
    pass(10_000);
    judge.ended(USER, "b");
    logIn("c");
    use("a");
    use("b");

    assertThat(violations).extracting(Violation::source).containsExactly("a", "a", "b");
  }

  @Test
  void aDisplacedSourceMayLogInAgainOnceTheNewcomerEnded() {
    logIn("a");
    pass(10_000);
    logIn("b");
    pass(1_000);
    judge.ended("b");
    logIn("a");
    use("a");

    assertThat(violations).isEmpty();
  }

  @Test
  void aCodeOfADisplacedLoginBreaksSingleSession() {
    judge.credentialsSubmitted(USER, "a", now, false);
    pass(10_000);
    judge.credentialsSubmitted(USER, "b", now, false);
    judge.codeSubmitted(USER, "a", 7, true, now, false);

    assertThat(promises()).containsExactly(SingleSession);
  }

  @Test
  void theSecondCodeOfAStepBreaksOneCodePerStep() {
    judge.credentialsSubmitted(USER, "a", now, false);
    judge.codeSubmitted(USER, "a", 7, true, now, false);
    judge.codeSubmitted(USER, "a", 7, false, now, false);

    assertThat(promises()).containsExactly(OneCodePerStep);
  }

  @Test
  void theFourthSubmissionAfterThreeRefusalsBreaksTheLoginBudget() {
    for (int attempt = 0; attempt < 3; attempt++) {
      judge.credentialsSubmitted(USER, "a", now, false);
      judge.loginRefused(USER, "a", true, false);
    }
    assertThat(violations).isEmpty();

    judge.credentialsSubmitted(USER, "b", now, false);

    assertThat(promises()).containsExactly(LoginBudget);
  }

  @Test
  void aSuccessOrAnOperatorResetsTheLoginBudget() {
    judge.loginRefused(USER, "a", true, false);
    judge.loginRefused(USER, "a", true, false);
    logIn("a");
    judge.loginRefused(USER, "a", true, true);
    judge.loginRefused(USER, "a", true, true);
    judge.loginRefused(USER, "a", true, true);
    judge.resetBudget(USER);
    judge.credentialsSubmitted(USER, "a", now, false);

    assertThat(violations).isEmpty();
  }

  @Test
  void anySubmissionWhileTheUserIsLockedBreaksTheLoginBudget() {
    judge.credentialsSubmitted(USER, "a", now, true);

    assertThat(promises()).containsExactly(LoginBudget);
  }
}
