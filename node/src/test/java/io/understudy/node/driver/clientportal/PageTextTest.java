package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.gateway.LoginResult.Kind;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTextTest {
  private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "failed | CREDENTIALS_REFUSED",
        "Invalid username password combination | CREDENTIALS_REFUSED",
        "Incorrect password | CREDENTIALS_REFUSED",
        "Login failed | CREDENTIALS_REFUSED",
        "Authentication failed | CREDENTIALS_REFUSED",
        "Incorrect security code | CODE_REFUSED",
        "Invalid code | CODE_REFUSED",
        "invalid security code | CODE_REFUSED",
        "You have selected the Live Account Mode, but the specified user is a Paper Trading user."
            + " Please select the correct Login mode. | WRONG_MODE",
        "Your account is locked: too many failed login attempts. | LOCKED_OUT",
        "Too many failed login attempts. Your account is locked until 2026-02-01 | LOCKED_OUT",
        "The notification has expired. Please log in again. | SECOND_FACTOR_MISSED",
        "The system is undergoing maintenance. | NO_ANSWER",
        "Your login has expired. Please log in again. | NO_ANSWER",
      })
  void wordsOfThePageHaveTheirMeaning(String text, Kind kind) {
    assertThat(PageText.verdict(text, NOW).map(LoginResult::kind)).contains(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Welcome", "Please wait", "Two-factor authentication"})
  void otherWordsSayNothing(String text) {
    assertThat(PageText.verdict(text, NOW)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Account locked until 2026-01-06T09:30:00Z | 2026-01-06T09:30:00Z",
        "Account locked until 2026-01-06 09:30 UTC. | 2026-01-06T09:30:00Z",
        "Account locked until 2026-01-06 09:30 ET. | 2026-01-06T14:30:00Z",
        "Too many attempts. Try again in 24 hours | 2026-01-06T12:00:00Z",
        "Too many attempts, try again after 30 minutes | 2026-01-05T12:30:00Z",
      })
  void lockEndsWhenTheTextSaysSo(String text, Instant end) {
    assertThat(PageText.verdict(text, NOW).flatMap(LoginResult::lockedUntil)).contains(end);
  }

  @Test
  void lockWithoutATimeHasNoEnd() {
    Optional<LoginResult> result = PageText.verdict("Account locked until 2026-99-99T10:00", NOW);

    assertThat(result).isPresent();
    assertThat(result.flatMap(LoginResult::lockedUntil)).isEmpty();
  }
}
