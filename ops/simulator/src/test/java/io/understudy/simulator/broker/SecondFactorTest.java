package io.understudy.simulator.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class SecondFactorTest {
  private static final byte[] RFC_SECRET = "12345678901234567890".getBytes(US_ASCII);
  private static final Instant AT = Instant.ofEpochSecond(59);

  private static SecondFactor totp(int tolerance) {
    return new SecondFactor(SecondFactor.Kind.TOTP, RFC_SECRET, tolerance);
  }

  @Test
  void theCodeOfTheRfcBelongsToItsStep() {
    assertThat(totp(0).stepOf("287082", AT)).isEqualTo(OptionalLong.of(1));
  }

  @Test
  void aWrongCodeBelongsToNoStep() {
    assertThat(totp(0).stepOf("000000", AT)).isEmpty();
  }

  @Test
  void theStepBeforeIsAcceptedOnlyWithTolerance() {
    Instant next = AT.plusSeconds(30);

    assertThat(totp(0).accepts(1, next)).isFalse();
    assertThat(totp(1).accepts(1, next)).isTrue();
    assertThat(totp(1).accepts(1, next.plusSeconds(30))).isFalse();
  }

  @Test
  void base32IsReadWithBlanksAndInSmallLetters() {
    assertThat(SecondFactor.base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")).isEqualTo(RFC_SECRET);
    assertThat(SecondFactor.base32("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"))
        .isEqualTo(RFC_SECRET);
  }

  @Test
  void aSecretThatIsNotBase32IsRefusedWithoutShowingIt() {
    assertThatThrownBy(() -> SecondFactor.base32("not/base32"))
        .isInstanceOf(BadInputException.class)
        .hasMessage("secondFactor.secret: not base32");
  }
}
