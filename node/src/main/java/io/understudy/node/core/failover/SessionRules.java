package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.positions.Discrepancy;
import io.understudy.node.core.positions.ReconciliationReport;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * From a submitted login to serving: verify, reconcile, watch the session, stop where a person is
 * needed.
 */
final class SessionRules {
  /** A session lost again this soon after it was taken back is left alone. */
  private static final Duration RETAKE_PAUSE = Duration.ofMinutes(10);

  /** Looks in a row at a program that does not answer, before it counts as dead. */
  private static final int HANGS_MAX = 5;

  private static final Duration COMPARE_AGAIN = Duration.ofSeconds(2);
  private static final Duration FAST_PROBE = Duration.ofMillis(100);

  private SessionRules() {}

  // ---- verifying

  static void verifying(CellPass cell, Stage.Verifying stage) {
    if (stage.reopen().filter(reopen -> !cell.finished(reopen)).isPresent()) {
      return;
    }
    if (!cell.settled(stage.write())) {
      return;
    }
    if (stage.reopen().filter(reopen -> !cell.succeeded(reopen)).isPresent()) {
      lost(cell, stage.strict(), "ReopenFailed", "the session could not be opened again");
      return;
    }
    boolean established = cell.lookedInPhase() && cell.status().usable();
    if (established && !stage.givenUp()) {
      settleThen(cell, stage, LoginAttempt.Verdict.SUCCEEDED, () -> established(cell, stage));
    } else if (stage.givenUp() || cell.due(cell.since.plus(cell.settings.verifyTimeout()))) {
      settleThen(cell, stage, LoginAttempt.Verdict.UNKNOWN, () -> neverEstablished(cell, stage));
    } else {
      cell.nextProbeAt = earlier(cell, FAST_PROBE);
    }
  }

  private static MonotonicTime earlier(CellPass cell, Duration pause) {
    MonotonicTime soon = cell.lookedAt().orElse(cell.since).plus(pause);
    return soon.isBefore(cell.nextProbeAt) ? soon : cell.nextProbeAt;
  }

  /** Writes the verdict of the login, if it is still open; goes on when it is on record. */
  private static void settleThen(
      CellPass cell, Stage.Verifying stage, LoginAttempt.Verdict verdict, Runnable next) {
    if (stage.attempt().isEmpty()) {
      next.run();
      return;
    }
    String attempt = stage.attempt().orElseThrow();
    boolean givenUp = verdict != LoginAttempt.Verdict.SUCCEEDED;
    Optional<GatewayRecords> fresh = cell.freshRecords();
    Optional<EffectId> write = Optional.empty();
    if (fresh.isPresent() && cell.mayAct()) {
      GatewayRecords records = fresh.orElseThrow();
      if (!LoginRules.isOpen(records.ledger().value(), attempt)) {
        next.run();
        return;
      }
      LoginResult.Kind kind = givenUp ? LoginResult.Kind.NO_ANSWER : LoginResult.Kind.SUBMITTED;
      String detail = givenUp ? notEstablished(cell.status()) : "session established";
      write = LoginRules.writeVerdict(cell, records, attempt, LoginResult.of(kind, detail));
    }
    cell.stage =
        new Stage.Verifying(stage.strict(), stage.attempt(), Optional.empty(), write, givenUp);
  }

  private static String notEstablished(GatewayStatus status) {
    if (status.session() == GatewayStatus.SessionState.COMPETING) {
      return "somebody else uses the username and holds the session: it is left to them";
    }
    return status.session() == GatewayStatus.SessionState.LOGGED_OUT
        ? "the login succeeded, and every call of the API is refused (401): is this machine's address accepted by IBKR?"
        : "the login succeeded, and the brokerage session was never established: "
            + status.detail();
  }

  private static void established(CellPass cell, Stage.Verifying stage) {
    cell.transition(
        Signal.SESSION_ESTABLISHED,
        Stage.Reconciling.from(stage.strict(), cell.now.monotonic()),
        "Reconciling",
        "session established, compares positions" + cell.outlivedClause());
    reconciling(cell, (Stage.Reconciling) cell.stage);
  }

  private static void neverEstablished(CellPass cell, Stage.Verifying stage) {
    String sentence = notEstablished(cell.status());
    if (cell.status().session() == GatewayStatus.SessionState.COMPETING) {
      needPerson(cell, Stage.PersonCause.COMPETING_SESSION, "CompetingSession", sentence);
      return;
    }
    if (CedingRules.cedeForHealth(cell, "NeverEstablished", sentence)) {
      return;
    }
    if (stage.attempt().isEmpty()) {
      lost(cell, stage.strict(), "ReopenFailed", sentence);
      return;
    }
    needPerson(cell, Stage.PersonCause.LOGIN_NOT_POSSIBLE, "NeverEstablished", sentence);
  }

  // ---- reconciling

  static void reconciling(CellPass cell, Stage.Reconciling stage) {
    Optional<Stage.Loss> loss = sessionGone(cell, stage.strict(), stage.loss());
    if (loss.isEmpty()) {
      return;
    }
    Optional<EffectId> comparison = stage.comparison();
    boolean due = cell.due(stage.againAt()) && cell.leaseHeld() && cell.records().isPresent();
    if (comparison.isEmpty() && due) {
      cell.handledReconcile = cell.directives().reconcileRequest();
      comparison = Optional.of(compare(cell, stage.strict()));
    }
    Stage.Reconciling next =
        new Stage.Reconciling(stage.strict(), comparison, stage.againAt(), loss.orElseThrow());
    cell.stage = next;
    if (comparison.flatMap(cell::outcome).orElse(null)
        instanceof Observation.PositionsCompared compared) {
      compared(cell, next, compared);
    }
  }

  private static void compared(
      CellPass cell, Stage.Reconciling stage, Observation.PositionsCompared compared) {
    cell.report = compared.report().isPresent() ? compared.report() : cell.report;
    if (compared.report().isEmpty()) {
      cell.explain("PositionsUnavailable", compared.sentence());
      MonotonicTime again = cell.now.monotonic().plus(COMPARE_AGAIN);
      cell.wakeAt(again);
      cell.stage = new Stage.Reconciling(stage.strict(), Optional.empty(), again, stage.loss());
    } else if (compared.report().orElseThrow().clean()) {
      cell.transition(
          Signal.RECONCILED,
          new Stage.Serving(Optional.empty(), Stage.Loss.none(cell.now.monotonic())),
          "Serving",
          "holds the lease, epoch " + cell.epoch + ", serving");
      serving(cell, (Stage.Serving) cell.stage);
    } else {
      positionsDiffer(cell, compared.report().orElseThrow());
    }
  }

  private static EffectId compare(CellPass cell, boolean strict) {
    Directives directives = cell.directives();
    ImmutableList<String> accepted =
        directives.acceptedEpoch().equals(cell.epoch)
            ? directives.acceptedDiscrepancies()
            : ImmutableList.of();
    return cell.effect(
        id -> new Effect.ComparePositions(new EffectId(id), cell.gateway(), strict, accepted));
  }

  private static void positionsDiffer(CellPass cell, ReconciliationReport report) {
    String ids =
        report.discrepancies().stream()
            .limit(3)
            .map(Discrepancy::id)
            .collect(Collectors.joining(", "));
    needPerson(
        cell,
        Stage.PersonCause.POSITIONS_DIFFER,
        "PositionsDiffer",
        report.discrepancies().size()
            + " of "
            + report.compared()
            + " positions differ from what is expected ("
            + ids
            + "): the gate stays shut until reconcile passes or an operator accepts them");
  }

  // ---- serving

  static void serving(CellPass cell, Stage.Serving stage) {
    Optional<Stage.Loss> loss = sessionGone(cell, false, stage.loss());
    if (loss.isEmpty()) {
      return;
    }
    Stage.Serving next = new Stage.Serving(stage.recheck(), loss.orElseThrow());
    cell.stage = next;
    cell.loginOrdered = false;
    cell.explain("Serving", sentence(cell));
    if (next.recheck().isPresent()) {
      afterRecheck(cell, next);
      return;
    }
    String wanted = cell.directives().reconcileRequest();
    if (!wanted.equals(cell.handledReconcile) && !wanted.isEmpty()) {
      cell.handledReconcile = wanted;
      cell.stage = new Stage.Serving(Optional.of(compare(cell, true)), next.loss());
      explainRecheck(cell);
    }
  }

  /** While it serves, only this tells observers that a comparison is under way. */
  private static void explainRecheck(CellPass cell) {
    cell.explain(
        "Reconciling", sentence(cell) + "; compares positions again, as an operator asked");
  }

  private static String sentence(CellPass cell) {
    if (cell.directives().tradingHalted()) {
      return "holds the lease, epoch " + cell.epoch + ", trading halted by an operator";
    }
    return switch (cell.status().session()) {
      case UNKNOWN ->
          "serving, epoch "
              + cell.epoch
              + ", and the gateway's status is unknown: "
              + cell.status().detail();
      case ESTABLISHED, LOGGED_OUT, NOT_ESTABLISHED, COMPETING ->
          "holds the lease, epoch " + cell.epoch + ", serving" + handOver(cell);
    };
  }

  private static String handOver(CellPass cell) {
    return cell.switchover()
        .map(Directives.Switchover::target)
        .filter(target -> !target.equals(cell.node.self()))
        .flatMap(target ->
            CedingRules.codeStepAwaited(cell)
                .map(at ->
                    "; hands over to node " + target + " when a new time step begins, at " + at))
        .orElse("");
  }

  private static void afterRecheck(CellPass cell, Stage.Serving stage) {
    if (!(cell.outcome(stage.recheck().orElseThrow()).orElse(null)
        instanceof Observation.PositionsCompared compared)) {
      explainRecheck(cell);
      return;
    }
    cell.stage = new Stage.Serving(Optional.empty(), stage.loss());
    if (!cell.directives().reconcileRequest().equals(cell.handledReconcile)) {
      // An operator has asked once more meanwhile.
      cell.wakeIn(Duration.ZERO);
    }
    if (compared.report().isEmpty()) {
      cell.explain("PositionsUnavailable", compared.sentence());
      return;
    }
    cell.report = compared.report();
    if (!compared.report().orElseThrow().clean()) {
      positionsDiffer(cell, compared.report().orElseThrow());
    }
  }

  // ---- a session that goes away

  /**
   * Looks at the gateway's status by the action table: unknown is never answered; logged out must
   * be seen twice; a lost brokerage session is opened again; a competing one is a question first.
   * Empty if the cell has left its phase, else the updated count.
   */
  static Optional<Stage.Loss> sessionGone(CellPass cell, boolean strict, Stage.Loss loss) {
    if (!cell.lookedSince(loss.lastLook()) || !cell.lookedInPhase()) {
      return Optional.of(loss);
    }
    MonotonicTime look = cell.lookedAt().orElseThrow();
    if (cell.status().process() == GatewayStatus.ProcessState.STOPPED) {
      lost(cell, strict, "GatewayStopped", "the gateway program has ended: logs in again");
      return Optional.empty();
    }
    if (cell.status().process() == GatewayStatus.ProcessState.STARTING) {
      return hanging(cell, strict, new Stage.Loss(loss.looks(), loss.hangs() + 1, look));
    }
    Stage.Loss counted = new Stage.Loss(loss.looks() + 1, 0, look);
    return switch (cell.status().session()) {
      case UNKNOWN -> Optional.of(new Stage.Loss(loss.looks(), 0, look));
      case ESTABLISHED -> Optional.of(Stage.Loss.none(look));
      case LOGGED_OUT -> {
        if (counted.looks() >= 2) {
          lost(cell, strict, "SessionEnded", "the single sign-on has ended: logs in again");
          yield Optional.empty();
        }
        cell.nextProbeAt = earlier(cell, FAST_PROBE);
        yield Optional.of(counted);
      }
      case NOT_ESTABLISHED -> {
        if (counted.looks() >= 2 && cell.mayAct()) {
          reopen(
              cell, false, "SessionDropped", "the brokerage session was dropped: opens it again");
          yield Optional.empty();
        }
        cell.nextProbeAt = earlier(cell, FAST_PROBE);
        yield Optional.of(counted);
      }
      case COMPETING -> {
        competing(cell);
        yield Optional.empty();
      }
    };
  }

  /** A program that does not even answer what it answers by itself is dead: it is started anew. */
  private static Optional<Stage.Loss> hanging(CellPass cell, boolean strict, Stage.Loss loss) {
    if (loss.hangs() < HANGS_MAX || !cell.mayAct()) {
      return Optional.of(loss);
    }
    lost(cell, strict, "GatewayHangs", "the gateway program does not answer: starts it anew");
    return Optional.empty();
  }

  private static void lost(CellPass cell, boolean strict, String code, String sentence) {
    cell.transition(
        Signal.SESSION_LOST, Stage.LoggingIn.fresh(strict, cell.now.monotonic()), code, sentence);
  }

  /** With {@code compete} the session is taken from whoever has it; without, only what is free. */
  private static void reopen(CellPass cell, boolean compete, String code, String sentence) {
    Epoch epoch = cell.epoch;
    EffectId reopen =
        cell.effect(
            id -> new Effect.ReopenSession(new EffectId(id), cell.gateway(), epoch, compete));
    cell.transition(
        Signal.SESSION_REOPENING,
        new Stage.Verifying(true, Optional.empty(), Optional.of(reopen), Optional.empty(), false),
        code,
        sentence);
  }

  /**
   * Somebody else logged in with the username: another node, if we no longer lead. So the session
   * is taken back only after a renewal, which is a quorum write, that was sent after we saw it.
   */
  private static void competing(CellPass cell) {
    boolean again =
        cell.lastRetake
            .filter(at -> cell.now.monotonic().since(at).compareTo(RETAKE_PAUSE) < 0)
            .isPresent();
    if (cell.settings.competing() == CellSettings.CompetingPolicy.YIELD || again) {
      needPerson(
          cell,
          Stage.PersonCause.COMPETING_SESSION,
          "CompetingSession",
          again
              ? "somebody else uses the username and took the session twice within ten minutes: it is left to them"
              : "somebody else uses the username: the session is left to them");
      return;
    }
    MonotonicTime seenAt = cell.lookedAt().orElse(cell.since);
    boolean confirmed =
        cell.seen.lease().filter(lease -> lease.lastSent().isAfter(seenAt)).isPresent();
    if (!cell.mayAct() || !confirmed) {
      return;
    }
    cell.lastRetake = Optional.of(cell.now.monotonic());
    reopen(cell, true, "CompetingSession", "somebody else took the session: takes it back once");
  }

  // ---- a person is needed

  static void needPerson(CellPass cell, Stage.PersonCause cause, String code, String sentence) {
    cell.transition(
        Signal.PERSON_NEEDED,
        new Stage.NeedsOperator(
            cause, Optional.empty(), cell.now.monotonic(), Stage.Loss.none(cell.now.monotonic())),
        code,
        sentence);
    needsOperator(cell, (Stage.NeedsOperator) cell.stage);
  }

  static void needsOperator(CellPass cell, Stage.NeedsOperator stage) {
    if (stage.cause() == Stage.PersonCause.POSITIONS_DIFFER) {
      waitForReconcile(cell, stage);
      return;
    }
    if (!fencedMeanwhile(cell, stage)) {
      return;
    }
    boolean acted =
        switch (stage.cause()) {
          case LOGINS_LOCKED -> unlocked(cell);
          case COMPETING_SESSION, LOGIN_NOT_POSSIBLE, CODE_NEEDED -> cell.loginOrdered;
          case POSITIONS_DIFFER -> false;
        };
    if (acted) {
      cell.transition(
          Signal.PERSON_ACTED,
          Stage.LoggingIn.fresh(true, cell.now.monotonic()),
          "PersonActed",
          "an operator let it go on: logs in again");
    }
  }

  private static boolean unlocked(CellPass cell) {
    if (cell.freshRecords().isEmpty()) {
      return false;
    }
    LoginLedger ledger = cell.ledger();
    return ledger.lockedUntil().filter(until -> !cell.reached(until)).isEmpty()
        && ledger.failuresInRow() < cell.settings.failuresMax();
  }

  /**
   * A gateway that waits for a person holds no session: it is made harmless, so that it cannot take
   * one back by itself.
   */
  private static boolean fencedMeanwhile(CellPass cell, Stage.NeedsOperator stage) {
    if (cell.harmless) {
      return true;
    }
    Optional<EffectId> fence = stage.fence();
    MonotonicTime fenceAt = stage.fenceAt();
    if (fence.filter(cell::finished).isPresent()) {
      if (cell.succeeded(fence.orElseThrow())) {
        cell.harmless = true;
        return true;
      }
      fence = Optional.empty();
      fenceAt = cell.now.monotonic().plus(CedingRules.FENCE_AGAIN);
    }
    if (fence.isEmpty() && cell.due(fenceAt)) {
      fence =
          Optional.of(cell.effect(id -> new Effect.FenceGateway(new EffectId(id), cell.gateway())));
    }
    cell.stage = new Stage.NeedsOperator(stage.cause(), fence, fenceAt, stage.loss());
    return false;
  }

  private static void waitForReconcile(CellPass cell, Stage.NeedsOperator stage) {
    Optional<Stage.Loss> loss = sessionGone(cell, true, stage.loss());
    if (loss.isEmpty()) {
      return;
    }
    cell.stage =
        new Stage.NeedsOperator(stage.cause(), stage.fence(), stage.fenceAt(), loss.orElseThrow());
    String wanted = cell.directives().reconcileRequest();
    if (!wanted.isEmpty() && !wanted.equals(cell.handledReconcile)) {
      cell.transition(
          Signal.RECONCILE_WANTED,
          Stage.Reconciling.from(true, cell.now.monotonic()),
          "Reconciling",
          "compares positions again, as an operator asked");
    }
  }
}
