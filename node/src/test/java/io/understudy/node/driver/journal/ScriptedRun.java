package io.understudy.node.driver.journal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.CellSettings;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.NodeDecider;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.leadership.LeaseTimings;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import io.understudy.node.core.model.SessionId;
import io.understudy.node.spi.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A standby's life without threads: every effect succeeds by the next pass, 50 ms later. */
final class ScriptedRun {
  private static final GatewayId LIVE = new GatewayId("live");
  private static final Duration STEP = Duration.ofMillis(50);

  private final Journal journal;
  private final NodeSettings settings =
      new NodeSettings(
          new NodeId("a"),
          new InstanceId("life-1"),
          "a:1",
          "test",
          LeaseTimings.of(Duration.ofSeconds(6)),
          ImmutableList.of(
              new CellSettings(
                  LIVE,
                  SecondFactorKind.TOTP,
                  CellSettings.CompetingPolicy.RETAKE,
                  true,
                  Duration.ofSeconds(2),
                  Duration.ofMillis(200),
                  3,
                  Duration.ofSeconds(1),
                  Duration.ofSeconds(5),
                  3,
                  ImmutableList.of())));
  private Now now = new Now(Instant.parse("2026-11-20T10:00:00Z"), new MonotonicTime(1_000));
  private Observations seen = Observations.none(now.monotonic());
  private NodeState state = NodeState.initial(settings, now);
  private ImmutableList<Observation> next = ImmutableList.of(new Observation.Connected());

  ScriptedRun(Journal journal) {
    this.journal = journal;
    journal.begin(settings, now);
  }

  /** Runs so many passes. */
  void run(int passes) {
    for (int i = 0; i < passes; i++) {
      for (Observation observation : next) {
        seen = seen.with(observation, now);
      }
      Decision decision = NodeDecider.decide(settings, seen, state, now);
      journal.pass(now, next, decision);
      state = decision.next();
      seen = seen.after(decision);
      next =
          decision.effects().stream().map(this::outcome).collect(ImmutableList.toImmutableList());
      now = new Now(now.wall().plus(STEP), now.monotonic().plus(STEP));
    }
  }

  /** Ends as if the core had failed on what is next. */
  void fail(RuntimeException bug) {
    journal.failed(now, next, bug);
  }

  private Observation outcome(Effect effect) {
    return switch (effect) {
      case Effect.RenewLease renewal ->
          new Observation.LeaseRenewed(
              renewal.id(), new SessionId(7), now.monotonic(), now.monotonic());
      case Effect.ReadCoordination read ->
          new Observation.CoordinationRead(
              read.id(),
              now.monotonic(),
              Optional.of(new CoordinationSnapshot(ImmutableMap.of(), ImmutableMap.of())));
      case Effect.ProbeGateway probe ->
          new Observation.GatewayProbed(
              probe.id(),
              probe.gateway(),
              GatewayStatus.of(
                  GatewayStatus.ProcessState.LISTENING,
                  GatewayStatus.SessionState.LOGGED_OUT,
                  "logged out"));
      default -> new Observation.EffectFinished(effect.id(), true, "");
    };
  }
}
