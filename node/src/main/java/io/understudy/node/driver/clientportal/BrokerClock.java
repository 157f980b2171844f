package io.understudy.node.driver.clientportal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How far IBKR's clock is from ours, by the Date header of its answers. Any thread.
 *
 * <p>A reading is forgotten after a while: ours may have been set meanwhile, and while nobody is
 * logged in nothing else would tell.
 */
final class BrokerClock {
  private static final Duration KEPT = Duration.ofSeconds(60);

  /** IBKR's clock is told in whole seconds: half a second is added to its reading. */
  private static final Duration HALF_SECOND = Duration.ofMillis(500);

  private record Reading(Duration offset, Countdown kept) {}

  private final InstantSource clock;
  private final AtomicReference<Optional<Reading>> last = new AtomicReference<>(Optional.empty());

  BrokerClock(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Reads the clock in an answer, if it carries one.
   *
   * @param before our clock when the call began
   * @return IBKR's clock minus ours
   */
  Optional<Duration> note(Reply reply, Instant before) {
    if (!(reply instanceof Reply.Answered answered) || answered.date().isEmpty()) {
      return Optional.empty();
    }
    Instant middle = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
    Duration offset = Duration.between(middle, answered.date().get().plus(HALF_SECOND));
    last.set(Optional.of(new Reading(offset, Countdown.of(KEPT))));
    return Optional.of(offset);
  }

  /** IBKR's clock minus ours, where seen lately. */
  Optional<Duration> offset() {
    return last.get().filter(reading -> !reading.kept().isOver()).map(Reading::offset);
  }
}
