package io.understudy.node.metrics;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Counts what a comparison of two successive statuses shows. The loop's thread only hands a status
 * over; a virtual thread compares. When that thread is behind, the oldest statuses are left out,
 * and what shows in them alone is not counted.
 */
final class StatusCounters implements AutoCloseable {
  private static final int STATUSES_WAITING_MAX = 64;

  private final EpochHistogram passes;
  private final ImmutableList<GatewayCounters> gateways;
  private final BlockingQueue<NodeStatus> waiting = new ArrayBlockingQueue<>(STATUSES_WAITING_MAX);
  private final NodeControl.Subscription subscription;
  private final Thread thread;

  StatusCounters(NodeControl control, Meters meters, ImmutableList<GatewayId> ids) {
    passes = meters.histogram(MeterName.LOOP_PASS, 0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 1);
    passes.show();
    NodeStatus first = control.status();
    TakeoverMeters takeovers = new TakeoverMeters(meters);
    gateways =
        ids.stream()
            .map(gateway -> new GatewayCounters(gateway, meters, takeovers, first))
            .collect(ImmutableList.toImmutableList());
    meters.gauges(
        MeterName.LAST_RECONNECT,
        points -> gateways.forEach(gateway -> gateway.addLastReconnect(points)));
    this.thread = Thread.ofVirtual().name("metrics").start(() -> count(first));
    this.subscription = control.subscribe(this::handOver);
  }

  private void handOver(NodeStatus status) {
    while (!waiting.offer(status)) {
      waiting.poll();
    }
  }

  private void count(NodeStatus first) {
    NodeStatus former = first;
    try {
      while (true) {
        NodeStatus next = waiting.take();
        passes.observe(next.lastPass());
        for (GatewayCounters gateway : gateways) {
          gateway.count(former, next);
        }
        former = next;
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  @Override
  public void close() {
    subscription.close();
    thread.interrupt();
  }
}
