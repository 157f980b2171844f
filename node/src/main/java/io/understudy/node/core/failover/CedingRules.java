package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.GuardedWrite.RecordName;
import io.understudy.node.core.leadership.Custody;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Giving up: in good order (log out, confirm, clear custody, leave), or by force before the lease
 * ends.
 */
final class CedingRules {
  private static final Duration HOLD_DOWN = Duration.ofMinutes(2);

  /** From the decision to hand over until the successor submits its code, when all goes well. */
  private static final Duration HAND_OVER = Duration.ofSeconds(4);

  private static final Duration HOUR = Duration.ofHours(1);
  static final Duration FENCE_AGAIN = Duration.ofMillis(200);

  /** How long a driver whose login was cut short has to tell what became of it. */
  private static final Duration LAST_WORD = Duration.ofSeconds(2);

  private CedingRules() {}

  /** Leaves at once what this cell is no longer entitled to. True if it did. */
  static boolean selfFence(CellPass cell) {
    boolean guarded =
        switch (cell.phase()) {
          case LOGGING_IN, VERIFYING, RECONCILING, SERVING, NEEDS_OPERATOR, CEDING -> true;
          case STANDBY, CLAIMING, FENCING, SELF_FENCING -> false;
        };
    if (!guarded) {
      return false;
    }
    boolean leaving =
        cell.stage instanceof Stage.Ceding ceding && ceding.step() == Stage.CedeStep.LEAVING;
    boolean deposed =
        cell.freshRecords().map(r -> !r.election().ownFirst()).orElse(false) && !leaving;
    boolean asked = askedToRelinquish(cell);
    if (cell.leaseHeld() && !deposed && !asked) {
      return false;
    }
    String code = asked ? "Relinquished" : deposed ? "Deposed" : "LeaseEnding";
    String sentence =
        asked
            ? "a new leader asked: stops the gateway"
            : deposed
                ? "is no longer elected: stops the gateway"
                : "could not renew the lease: stops the gateway before the lease ends";
    cell.transition(
        Signal.LEASE_ENDING,
        new Stage.SelfFencing(Optional.empty(), cell.now.monotonic()),
        code,
        sentence);
    return true;
  }

  private static boolean askedToRelinquish(CellPass cell) {
    for (Observation.RelinquishRequested r : cell.seen.relinquishments()) {
      if (r.gateway().equals(cell.gateway()) && r.epoch().isAfter(cell.epoch)) {
        return true;
      }
    }
    return false;
  }

  static void selfFencing(CellPass cell, Stage.SelfFencing stage) {
    Optional<EffectId> fence = stage.fence();
    MonotonicTime again = stage.againAt();
    if (fence.filter(cell::finished).isPresent()) {
      if (cell.succeeded(fence.orElseThrow())) {
        cell.harmless = true;
        cell.nextProbeAt = cell.now.monotonic();
        cell.transition(
            Signal.FENCED,
            Stage.Standby.fresh(cell.now.monotonic()),
            "Fenced",
            "the gateway is stopped");
        return;
      }
      cell.explain(
          "FenceFailed", "the gateway could not be stopped: " + cell.failure(fence.orElseThrow()));
      fence = Optional.empty();
      again = cell.now.monotonic().plus(FENCE_AGAIN);
    }
    if (fence.isEmpty() && cell.due(again)) {
      fence =
          Optional.of(cell.effect(id -> new Effect.FenceGateway(new EffectId(id), cell.gateway())));
    }
    cell.stage = new Stage.SelfFencing(fence, again);
  }

  /** Gives up in good order where an operator or the daemon's stop demands it. True if it did. */
  static boolean cedeIfWanted(CellPass cell) {
    boolean able =
        switch (cell.phase()) {
          case FENCING, LOGGING_IN, VERIFYING, RECONCILING, SERVING, NEEDS_OPERATOR -> true;
          case STANDBY, CLAIMING, SELF_FENCING, CEDING -> false;
        };
    if (!able || custodyWriteInFlight(cell)) {
      return false;
    }
    if (cell.seen.stopRequested()) {
      return cede(cell, Stage.CedeCause.STOPPING, "Stopping", "this node stops: logs out");
    }
    Optional<NodeId> target =
        cell.switchover()
            .map(Directives.Switchover::target)
            .filter(t -> !t.equals(cell.node.self()));
    if (target.isPresent() && codeStepAwaited(cell).isEmpty()) {
      return cede(
          cell,
          Stage.CedeCause.SWITCHOVER,
          "Switchover",
          "hands over to node " + target.orElseThrow());
    }
    if (cell.directives().loggedOut()) {
      return cede(
          cell, Stage.CedeCause.LOGGED_OUT, "LoggedOutByOperator", "logs out for an operator");
    }
    return false;
  }

  /**
   * The successor may not submit a code of a time step that is used or nearly over. Until a fresh
   * one begins this node serves on, and trading clients do not notice the wait. An operator who
   * forces the hand-over does not want to wait.
   */
  static Optional<Instant> codeStepAwaited(CellPass cell) {
    boolean forced = cell.switchover().filter(Directives.Switchover::force).isPresent();
    if (forced
        || cell.settings.secondFactor() != SecondFactorKind.TOTP
        || cell.phase() != Phase.SERVING) {
      return Optional.empty();
    }
    Instant wall = cell.now.wall();
    Instant usable = cell.ledger().codeUsableAt(wall, TotpStep.REMAINING_MIN.plus(HAND_OVER));
    return cell.reached(usable) ? Optional.empty() : Optional.of(usable);
  }

  private static boolean custodyWriteInFlight(CellPass cell) {
    return cell.stage instanceof Stage.Fencing fencing && fencing.write().isPresent();
  }

  /**
   * A leader that cannot log in hands over to a standby that says it can, unless that happened too
   * often.
   */
  static boolean cedeForHealth(CellPass cell, String code, String sentence) {
    MonotonicTime now = cell.now.monotonic();
    ImmutableList<MonotonicTime> recent =
        cell.cedes.stream()
            .filter(at -> now.since(at).compareTo(HOUR) < 0)
            .collect(ImmutableList.toImmutableList());
    Optional<NodeId> other = cell.readyElsewhere();
    if (other.isEmpty()
        || recent.size() >= cell.settings.cedesPerHourMax()
        || cell.directives().paused()) {
      return false;
    }
    cell.cedes = ImmutableList.<MonotonicTime>builder().addAll(recent).add(now).build();
    cell.standAgainAt = now.plus(HOLD_DOWN);
    return cede(
        cell,
        Stage.CedeCause.UNHEALTHY,
        code,
        "hands over to node " + other.orElseThrow() + ": " + sentence);
  }

  private static boolean cede(CellPass cell, Stage.CedeCause cause, String code, String sentence) {
    // A login under way would keep a logout waiting: it is cut short.
    Stage.CedeStep first =
        cell.phase() == Phase.LOGGING_IN ? Stage.CedeStep.FENCING : Stage.CedeStep.SHUTTING_RELAY;
    cell.transition(
        Signal.CEDE_ORDERED,
        new Stage.Ceding(
            cause, first, Optional.empty(), cell.now.monotonic(), LoginRules.cutShort(cell)),
        code,
        sentence);
    return true;
  }

  /** StopBeforeRelease: each step only after the former was confirmed. */
  static void ceding(CellPass cell, Stage.Ceding stage) {
    switch (stage.step()) {
      case SHUTTING_RELAY -> {
        if (cell.gate instanceof CellState.Shut) {
          boolean nothingToStop = cell.harmless;
          next(
              cell,
              stage,
              nothingToStop ? Stage.CedeStep.CLEARING_CUSTODY : Stage.CedeStep.LOGGING_OUT);
          ceding(cell, (Stage.Ceding) cell.stage);
        }
      }
      case LOGGING_OUT ->
          stop(cell, stage, id -> new Effect.Logout(new EffectId(id), cell.gateway()));
      case FENCING ->
          stop(cell, stage, id -> new Effect.FenceGateway(new EffectId(id), cell.gateway()));
      case CLEARING_CUSTODY -> clearCustody(cell, stage);
      case LEAVING -> leave(cell, stage);
    }
  }

  private static void next(CellPass cell, Stage.Ceding stage, Stage.CedeStep step) {
    cell.stage = stage.at(step, Optional.empty());
  }

  /**
   * Waits for a logout or fence; when it is confirmed the gateway is harmless and custody may be
   * cleared.
   */
  private static void stop(CellPass cell, Stage.Ceding stage, LongFunction<Effect> make) {
    if (!cell.due(stage.stopAt())) {
      return;
    }
    EffectId effect = cell.effectFor(stage, make);
    if (!cell.finished(effect)) {
      cell.stage = stage.at(stage.step(), Optional.of(effect));
      return;
    }
    if (cell.succeeded(effect)) {
      cell.harmless = true;
      cell.nextProbeAt = cell.now.monotonic();
      next(cell, stage, Stage.CedeStep.SHUTTING_RELAY);
      ceding(cell, (Stage.Ceding) cell.stage);
      return;
    }
    if (stage.step() == Stage.CedeStep.FENCING) {
      cell.explain("FenceFailed", "the gateway could not be stopped: " + cell.failure(effect));
      force(cell, stage, cell.now.monotonic().plus(FENCE_AGAIN));
    } else {
      cell.explain("LogoutNotConfirmed", "stops the gateway by force: " + cell.failure(effect));
      force(cell, stage, cell.now.monotonic());
    }
  }

  private static void force(CellPass cell, Stage.Ceding stage, MonotonicTime time) {
    cell.stage = stage.forcing(time);
    cell.wakeAt(time);
  }

  private static void clearCustody(CellPass cell, Stage.Ceding stage) {
    if (!cell.settled(stage.effect())) {
      return;
    }
    Optional<GatewayRecords> fresh = cell.freshRecords();
    if (fresh.isEmpty() || cutShortAwaited(cell, stage)) {
      next(cell, stage, Stage.CedeStep.CLEARING_CUSTODY);
      return;
    }
    GatewayRecords records = fresh.orElseThrow();
    Optional<Custody> custody = records.custody().value();
    Epoch epoch = cell.epoch;
    if (custody.filter(c -> c.epoch().equals(epoch)).isEmpty()) {
      released(cell, stage);
      return;
    }
    Optional<EffectId> write =
        cell.write(
            records,
            ImmutableList.of(CellPass.unchanged(RecordName.CLAIM, records.claim())),
            release(cell, records, stage),
            Optional.of(cell.history("Ceded", cell.reason().sentence())));
    cell.stage = stage.at(Stage.CedeStep.CLEARING_CUSTODY, write);
  }

  /** The driver was told to stop; for a moment it may still tell what became of its login. */
  private static boolean cutShortAwaited(CellPass cell, Stage.Ceding stage) {
    return stage
        .cutShort()
        .flatMap(Stage.CutShort::login)
        .filter(login -> !cell.finished(login) && !cell.due(cell.since.plus(LAST_WORD)))
        .isPresent();
  }

  /**
   * No custody; the verdict of a login that was cut short; and no switchover to a node that has
   * just found that it cannot lead.
   */
  private static ImmutableList<GuardedWrite.Update> release(
      CellPass cell, GatewayRecords records, Stage.Ceding stage) {
    ImmutableList.Builder<GuardedWrite.Update> updates = ImmutableList.builder();
    updates.add(new GuardedWrite.CustodyUpdate(Optional.empty(), records.custody().version()));
    LoginLedger ledger = records.ledger().value();
    stage
        .cutShort()
        .filter(login -> LoginRules.isOpen(ledger, login.attempt()))
        .map(login ->
            LoginRules.settled(cell, ledger, login.attempt(), LoginRules.lastWord(cell, login)))
        .ifPresent(settled ->
            updates.add(new GuardedWrite.LedgerUpdate(settled, records.ledger().version())));
    Directives directives = records.directives().value();
    boolean failed =
        stage.cause() == Stage.CedeCause.UNHEALTHY
            && directives.switchover().filter(s -> s.target().equals(cell.node.self())).isPresent();
    if (failed) {
      updates.add(
          new GuardedWrite.DirectivesUpdate(
              directives.withSwitchover(Optional.empty()), records.directives().version()));
    }
    return updates.build();
  }

  private static void released(CellPass cell, Stage.Ceding stage) {
    if (stage.cause() == Stage.CedeCause.LOGGED_OUT) {
      ceded(cell, "LoggedOutByOperator", "logged out by an operator");
      return;
    }
    next(cell, stage, Stage.CedeStep.LEAVING);
    leave(cell, (Stage.Ceding) cell.stage);
  }

  private static void leave(CellPass cell, Stage.Ceding stage) {
    EffectId effect =
        cell.effectFor(stage, id -> new Effect.LeaveElection(new EffectId(id), cell.gateway()));
    if (!cell.finished(effect)) {
      cell.stage = stage.at(Stage.CedeStep.LEAVING, Optional.of(effect));
      return;
    }
    cell.recordsNeededAfter = cell.now.monotonic();
    ceded(cell, "Ceded", "ceded, the gateway is logged out");
  }

  private static void ceded(CellPass cell, String code, String sentence) {
    cell.transition(Signal.CEDED, Stage.Standby.fresh(cell.now.monotonic()), code, sentence);
  }
}
