package io.understudy.node.metrics;

import com.google.common.collect.ImmutableList;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginAttempt.Verdict;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Counts what a comparison of two successive statuses shows: transitions and settled login
 * attempts. The loop's thread only hands a status over; a virtual thread compares. When that thread
 * is behind, the oldest statuses are left out, and a transition among them is not counted.
 */
final class StatusCounters implements AutoCloseable {
  private static final int STATUSES_WAITING_MAX = 64;

  private final MeterRegistry registry;
  private final ImmutableList<GatewayId> gateways;
  private final BlockingQueue<NodeStatus> waiting = new ArrayBlockingQueue<>(STATUSES_WAITING_MAX);
  private final NodeControl.Subscription subscription;
  private final Thread thread;

  StatusCounters(NodeControl control, MeterRegistry registry, ImmutableList<GatewayId> gateways) {
    this.registry = registry;
    this.gateways = gateways;
    gateways.forEach(this::registerAll);
    NodeStatus first = control.status();
    this.thread = Thread.ofVirtual().name("metrics").start(() -> count(first));
    this.subscription = control.subscribe(this::handOver);
  }

  /** All of them from the start, so that the first increment is seen as one. */
  private void registerAll(GatewayId gateway) {
    for (Phase phase : Phase.values()) {
      var _ = transitions(gateway, phase);
    }
    for (Verdict verdict : Verdict.values()) {
      if (settled(verdict)) {
        var _ = logins(gateway, verdict);
      }
    }
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
        for (GatewayId gateway : gateways) {
          countTransition(gateway, former, next);
          countLogins(gateway, former, next);
        }
        former = next;
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void countTransition(GatewayId gateway, NodeStatus former, NodeStatus next) {
    Optional<CellRecord> before = former.self().cell(gateway);
    Optional<CellRecord> now = next.self().cell(gateway);
    boolean moved =
        now.isPresent()
            && before
                .filter(b -> b.phase() == now.get().phase())
                .filter(b -> b.phaseSince().equals(now.get().phaseSince()))
                .isEmpty();
    if (moved) {
      transitions(gateway, now.get().phase()).increment();
    }
  }

  /** The ledger is the whole cluster's; each node counts its own attempts. */
  private void countLogins(GatewayId gateway, NodeStatus former, NodeStatus next) {
    if (former.cluster().isEmpty()) {
      return;
    }
    ImmutableList<LoginAttempt> before = attempts(former, gateway);
    for (LoginAttempt attempt : attempts(next, gateway)) {
      boolean own = attempt.node().equals(next.self().node());
      boolean known =
          before.stream().anyMatch(b -> b.id().equals(attempt.id()) && settled(b.verdict()));
      if (own && settled(attempt.verdict()) && !known) {
        logins(gateway, attempt.verdict()).increment();
      }
    }
  }

  private static ImmutableList<LoginAttempt> attempts(NodeStatus status, GatewayId gateway) {
    return status
        .cluster()
        .flatMap(cluster -> Optional.ofNullable(cluster.gateways().get(gateway)))
        .map(records -> records.ledger().value().attempts())
        .orElseGet(ImmutableList::of);
  }

  private static boolean settled(Verdict verdict) {
    return switch (verdict) {
      case OPEN -> false;
      case SUCCEEDED, NOT_SUBMITTED, REFUSED, UNKNOWN, FORGIVEN -> true;
    };
  }

  private Counter transitions(GatewayId gateway, Phase phase) {
    return counter(MeterName.TRANSITIONS, gateway, "phase", phase);
  }

  private Counter logins(GatewayId gateway, Verdict verdict) {
    return counter(MeterName.LOGIN_ATTEMPTS, gateway, "verdict", verdict);
  }

  private Counter counter(MeterName name, GatewayId gateway, String label, Enum<?> value) {
    return Counter.builder(name.meter())
        .description(name.description())
        .tags(Tags.of("gateway", gateway.value(), label, value.name().toLowerCase(Locale.ROOT)))
        .register(registry);
  }

  @Override
  public void close() {
    subscription.close();
    thread.interrupt();
  }
}
