package io.understudy.node.metrics;

import com.google.common.collect.ImmutableList;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tags;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginAttempt.Verdict;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Counts of one gateway what two successive statuses show: transitions, settled login attempts,
 * changes of the session and of the leader, takeovers, waits for a time step. For one thread, but
 * for {@link #addLastReconnect}.
 */
final class GatewayCounters {
  private final GatewayId gateway;
  private final Meters meters;
  private final TakeoverMeters takeovers;
  private final TakeoverClock takeoverClock;

  /** Never {@link SessionState#UNKNOWN}: a look without an answer is no change. */
  private SessionState lastKnown = SessionState.LOGGED_OUT;

  private boolean connectedBefore;
  private volatile Optional<Instant> lastReconnect = Optional.empty();
  private Optional<Instant> waitsForCodeSince = Optional.empty();

  GatewayCounters(GatewayId gateway, Meters meters, TakeoverMeters takeovers, NodeStatus first) {
    this.gateway = gateway;
    this.meters = meters;
    this.takeovers = takeovers;
    this.takeoverClock = new TakeoverClock(gateway);
    showAll();
    var _ = takeoverClock.observe(first);
    first.self().cell(gateway).ifPresent(cell -> countSession(cell, first.at()));
  }

  /** All of them from the start, so that the first increment is seen as one. */
  private void showAll() {
    for (Phase phase : Phase.values()) {
      var _ = transitions(phase);
    }
    for (Verdict verdict : Verdict.values()) {
      if (settled(verdict)) {
        var _ = logins(verdict);
      }
    }
    for (LeaderChange reason : LeaderChange.values()) {
      var _ = leaderChanges(reason);
    }
    var _ = plain(MeterName.RECONNECTS);
    var _ = plain(MeterName.RECONNECT_FAILURES);
    var _ = plain(MeterName.COMPETING_SESSIONS);
    takeovers.show(gateway);
  }

  void count(NodeStatus former, NodeStatus next) {
    countLogins(former, next);
    takeoverClock.observe(next).ifPresent(takeover -> takeovers.add(gateway, takeover, next.at()));
    Optional<CellRecord> before = former.self().cell(gateway);
    next.self()
        .cell(gateway)
        .ifPresent(cell -> {
          countTransition(before, cell);
          countLeader(before, cell, next);
          countSession(cell, next.at());
          countCodeWait(cell, next.at());
        });
  }

  private void countTransition(Optional<CellRecord> before, CellRecord now) {
    boolean moved =
        before
            .filter(b -> b.phase() == now.phase())
            .filter(b -> b.phaseSince().equals(now.phaseSince()))
            .isEmpty();
    if (moved) {
      transitions(now.phase()).increment();
    }
  }

  private void countLeader(Optional<CellRecord> before, CellRecord now, NodeStatus next) {
    Epoch former = before.map(CellRecord::epoch).orElse(Epoch.NONE);
    if (now.epoch().isAfter(former)) {
      leaderChanges(LeaderChange.of(next, gateway, now.epoch())).increment();
    }
  }

  private void countSession(CellRecord cell, Instant at) {
    SessionState session = cell.session();
    if (session == SessionState.UNKNOWN || session == lastKnown) {
      return;
    }
    if (session == SessionState.ESTABLISHED) {
      if (connectedBefore) {
        plain(MeterName.RECONNECTS).increment();
      }
      connectedBefore = true;
      lastReconnect = Optional.of(at);
    }
    if (session == SessionState.COMPETING) {
      plain(MeterName.COMPETING_SESSIONS).increment();
    }
    lastKnown = session;
  }

  private void countCodeWait(CellRecord cell, Instant at) {
    boolean waits = cell.reason().code().equals("CodeStepAwaited");
    if (waits) {
      waitsForCodeSince = waitsForCodeSince.or(() -> Optional.of(at));
    } else {
      waitsForCodeSince
          .map(since -> Duration.between(since, at))
          .filter(wait -> !wait.isNegative())
          .ifPresent(wait -> takeovers.addCodeWait(gateway, wait));
      waitsForCodeSince = Optional.empty();
    }
  }

  /** The ledger is the whole cluster's; each node counts its own attempts. */
  private void countLogins(NodeStatus former, NodeStatus next) {
    if (former.cluster().isEmpty()) {
      return;
    }
    ImmutableList<LoginAttempt> before = attempts(former);
    for (LoginAttempt attempt : attempts(next)) {
      boolean own = attempt.node().equals(next.self().node());
      boolean known =
          before.stream().anyMatch(b -> b.id().equals(attempt.id()) && settled(b.verdict()));
      if (own && settled(attempt.verdict()) && !known) {
        logins(attempt.verdict()).increment();
        if (attempt.verdict() != Verdict.SUCCEEDED) {
          plain(MeterName.RECONNECT_FAILURES).increment();
        }
      }
    }
  }

  private ImmutableList<LoginAttempt> attempts(NodeStatus status) {
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

  void addLastReconnect(Meters.Points points) {
    lastReconnect.ifPresent(at -> points.add(at.toEpochMilli() / 1e3, gateway.value()));
  }

  private Counter plain(MeterName name) {
    return meters.counter(name, Tags.of("gateway", gateway.value()));
  }

  private Counter transitions(Phase phase) {
    return counter(MeterName.TRANSITIONS, "phase", phase);
  }

  private Counter logins(Verdict verdict) {
    return counter(MeterName.LOGIN_ATTEMPTS, "verdict", verdict);
  }

  private Counter leaderChanges(LeaderChange reason) {
    return counter(MeterName.LEADER_CHANGES, "reason", reason);
  }

  private Counter counter(MeterName name, String label, Enum<?> value) {
    return meters.counter(
        name, Tags.of("gateway", gateway.value(), label, value.name().toLowerCase(Locale.ROOT)));
  }
}
