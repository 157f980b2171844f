package io.understudy.node.wire;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/**
 * Instants and durations as protobuf has them. {@link Instant#MAX} ("until an operator acts") lies
 * beyond protobuf's range and travels as the last nanosecond of the year 9999; nothing is lost
 * otherwise.
 */
public final class WireTimes {
  private static final Instant FAR_FUTURE = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private WireTimes() {}

  public static Timestamp timestamp(Instant instant) {
    Instant inRange = instant.isAfter(FAR_FUTURE) ? FAR_FUTURE : instant;
    return Timestamp.newBuilder()
        .setSeconds(inRange.getEpochSecond())
        .setNanos(inRange.getNano())
        .build();
  }

  public static Instant instant(Timestamp timestamp) {
    Instant instant = Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    return instant.isBefore(FAR_FUTURE) ? instant : Instant.MAX;
  }

  public static com.google.protobuf.Duration duration(Duration duration) {
    // Protobuf wants seconds and nanos of one sign; Java's nanos are never negative.
    boolean borrow = duration.isNegative() && duration.getNano() > 0;
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds() + (borrow ? 1 : 0))
        .setNanos(duration.getNano() - (borrow ? 1_000_000_000 : 0))
        .build();
  }

  public static Duration duration(com.google.protobuf.Duration duration) {
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }
}
