package io.understudy.node.spi;

import java.time.Duration;

/**
 * Faults that this node makes to itself in a drill. Called from a lane of its own.
 *
 * <p>An implementation must not decide whether a fault is due, and must not repeat one.
 */
public interface FaultInjector {
  /** Kills this process and all that it has started, as if it had crashed; does not return. */
  void crash() throws DriverException;

  /**
   * Cuts this host off from the tunnel for that long. The end of the cut must not depend on this
   * process. Returns once the cut has begun.
   */
  void partition(Duration lasting) throws DriverException;

  /** A node without the means to harm itself. */
  static FaultInjector none() {
    return new FaultInjector() {
      @Override
      public void crash() throws DriverException {
        throw DriverException.permanentError("This node cannot make itself crash");
      }

      @Override
      public void partition(Duration lasting) throws DriverException {
        throw DriverException.permanentError("This node cannot cut itself off");
      }
    };
  }
}
