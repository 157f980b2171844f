package io.understudy.node.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.understudy.node.spi.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ViewerTokenTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private final ViewerToken token =
      new ViewerToken(() -> Optional.of(Secret.of("the-token-of-the-viewers")));

  @Test
  void onlyTheWholeTokenMatches() {
    assertThat(token.matches("the-token-of-the-viewers")).isTrue();
    for (String wrong : ImmutableList.of("", "the-token", "the-token-of-the-viewers ", "THE")) {
      assertThat(token.matches(wrong)).as(wrong).isFalse();
    }
  }

  @Test
  void aPassHoldsUntilItsEnd() {
    String pass = token.pass(NOW).orElseThrow();
    assertThat(token.admits(pass, NOW)).isTrue();
    Instant end = NOW.plus(ViewerToken.PASS_LASTS);
    assertThat(token.admits(pass, end.minusSeconds(1))).isTrue();
    assertThat(token.admits(pass, end)).isFalse();
    assertThat(token.admits(pass, NOW.minus(Duration.ofDays(1))))
        .as("before the clock was set back it would last for too long")
        .isFalse();
  }

  @Test
  void aPassWithAnotherEndOrOfAnotherTokenIsNone() {
    String pass = token.pass(NOW).orElseThrow();
    String later = (NOW.getEpochSecond() + 43_100) + pass.substring(pass.indexOf('.'));
    assertThat(token.admits(later, NOW)).isFalse();
    for (String wrong :
        ImmutableList.of("", ".", "x." + pass, "99999999999999999999.a", pass + "a")) {
      assertThat(token.admits(wrong, NOW)).as(wrong).isFalse();
    }
    ViewerToken other = new ViewerToken(() -> Optional.of(Secret.of("another-token-of-viewers")));
    assertThat(other.admits(pass, NOW)).isFalse();
  }

  @Test
  void withoutATokenNothingIsRight() {
    ViewerToken none = new ViewerToken(Optional::empty);
    assertThat(none.matches("")).isFalse();
    assertThat(none.pass(NOW)).isEmpty();
    assertThat(none.admits(token.pass(NOW).orElseThrow(), NOW)).isFalse();
  }

  @Test
  void manyAddressesTogetherAreHeardNoMoreThanAFewTimesAMinute() {
    AtomicLong nanos = new AtomicLong();
    WrongTokens wrong = new WrongTokens(nanos::get);
    for (int i = 0; i < WrongTokens.IN_ALL_MAX; i++) {
      assertThat(wrong.hears("10.77.0." + i)).isTrue();
      wrong.note("10.77.0." + i);
    }
    assertThat(wrong.hears("10.77.1.1")).isFalse();
    nanos.addAndGet(WrongTokens.WINDOW.toNanos());
    assertThat(wrong.hears("10.77.1.1")).isTrue();
  }
}
