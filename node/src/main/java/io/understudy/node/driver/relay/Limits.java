package io.understudy.node.driver.relay;

import java.time.Duration;

/**
 * The limits of a relay.
 *
 * @param connectionsMax clients at once; more are reset
 * @param checkInterval how soon a connection without traffic dies when the lease ends
 * @param halfClosedMax how long one side may go on sending after the other has finished
 */
record Limits(int connectionsMax, Duration checkInterval, Duration halfClosedMax) {
  static Limits of(int connectionsMax) {
    return new Limits(connectionsMax, Duration.ofMillis(20), Duration.ofSeconds(30));
  }
}
