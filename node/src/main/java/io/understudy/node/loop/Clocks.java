package io.understudy.node.loop;

import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.Now;
import java.time.InstantSource;

/** Where the loop reads the time; the only place that reads a clock. */
final class Clocks {
  private final InstantSource wall;

  Clocks(InstantSource wall) {
    this.wall = wall;
  }

  Now now() {
    return new Now(wall.instant(), monotonic());
  }

  MonotonicTime monotonic() {
    return new MonotonicTime(System.nanoTime());
  }
}
