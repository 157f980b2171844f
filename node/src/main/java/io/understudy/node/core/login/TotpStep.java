package io.understudy.node.core.login;

import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.time.Instant;

/** A time step of RFC 6238: {@code floor(unix seconds / 30)}. */
@Immutable
public record TotpStep(long number) implements Comparable<TotpStep> {
  public static final Duration LENGTH = Duration.ofSeconds(30);

  /**
   * Never submit a code with less than this left in its step: shorter was seen to miss on IBKR's
   * page.
   */
  public static final Duration REMAINING_MIN = Duration.ofSeconds(8);

  public static TotpStep at(Instant wall) {
    return new TotpStep(Math.floorDiv(wall.getEpochSecond(), LENGTH.toSeconds()));
  }

  public Instant begin() {
    return Instant.ofEpochSecond(number * LENGTH.toSeconds());
  }

  public Duration remaining(Instant wall) {
    return Duration.between(wall, begin().plus(LENGTH));
  }

  public TotpStep next() {
    return new TotpStep(number + 1);
  }

  @Override
  public int compareTo(TotpStep other) {
    return Long.compare(number, other.number);
  }
}
