package io.understudy.node.spi;

import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;

/**
 * The last look before something guarded happens at an edge. Backed by the lease clock itself (not
 * by a flag that somebody must clear), so the answer is right even on the first instruction after
 * the process was frozen. Any thread; never blocks; nanoseconds.
 */
@FunctionalInterface
public interface LeaseGuard {
  /**
   * Whether this node may act for the gateway under the epoch at this instant: lease running, epoch
   * still ours.
   */
  boolean permits(GatewayId gateway, Epoch epoch);
}
