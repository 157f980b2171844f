package io.understudy.simulator.broker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The broker's wall clock: a base clock plus an offset that can be set while it runs. */
public final class SimulatorClock extends Clock {
  private final Clock base;
  private volatile Duration offset = Duration.ZERO;

  public SimulatorClock(Clock base) {
    this.base = base;
  }

  public void setOffset(Duration wanted) {
    offset = wanted;
  }

  public Duration offset() {
    return offset;
  }

  @Override
  public Instant instant() {
    return base.instant().plus(offset);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.offset(base, offset).withZone(zone);
  }
}
