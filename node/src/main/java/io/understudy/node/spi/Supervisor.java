package io.understudy.node.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * Whoever started this process as a service and watches over it. Any thread; no call blocks or
 * fails: what cannot be delivered is dropped, since the service must not depend on its being heard.
 *
 * <p>An implementation must not send anything by itself: a sign of life that does not come from the
 * control loop would hide that the loop is stuck.
 */
public interface Supervisor {
  /** How long it waits for a sign of life before it kills us; empty: for ever. */
  Optional<Duration> watchdogTimeout();

  /** The service does its work from now on. */
  void ready();

  /** A sign of life. */
  void alive();

  /** The service has begun to stop. */
  void stopping();

  /** One sentence for people about how things stand; holds no secret. */
  void status(String sentence);

  /** Nobody watches. */
  static Supervisor none() {
    return new Supervisor() {
      @Override
      public Optional<Duration> watchdogTimeout() {
        return Optional.empty();
      }

      @Override
      public void ready() {}

      @Override
      public void alive() {}

      @Override
      public void stopping() {}

      @Override
      public void status(String sentence) {}
    };
  }
}
