package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What the API may ask of the loop. Any thread; nothing here waits for the loop except through the
 * futures.
 */
public interface NodeControl {
  NodeStatus status();

  /**
   * Calls the listener with each new status, on the loop's thread: it must only hand over. Close to
   * end it.
   */
  Subscription subscribe(Consumer<NodeStatus> listener);

  /** Completes with the core's answer; never exceptionally, except when the loop ends. */
  CompletableFuture<CommandAnswer> submit(Command command);

  /** Hands a one-time code from an operator to the login that waits for it; false if none waits. */
  boolean provideCode(GatewayId gateway, Secret code);

  /**
   * A new leader asks this node to stop. Completes with the highest epoch that this node acted
   * under, when the gateway is harmless and the relay shut; exceptionally with {@link
   * DriverException} when refused (a higher epoch is known here).
   */
  CompletableFuture<Epoch> relinquish(NodeId from, GatewayId gateway, Epoch epoch);

  /** Newest first. Blocks for a read of coordination. */
  ImmutableList<HistoryEntry> history(GatewayId gateway, int limit) throws DriverException;

  /** The drills before the current or last one, newest first. Blocks for a read of coordination. */
  ImmutableList<Drill> pastDrills(GatewayId gateway, int limit) throws DriverException;

  /** Ends a subscription. */
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
