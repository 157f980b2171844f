package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.LoginPermit;
import io.understudy.node.core.login.MaintenanceWindow;
import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * From custody to a submitted login: start the gateway, wait until a login is allowed, write the
 * permit, submit, write each code's step before the code, write the verdict. Whatever is not known
 * to be harmless counts against the budget.
 */
final class LoginRules {
  static final int CODES_MAX = 2;
  private static final int TROUBLES_MAX = 3;
  private static final Duration TROUBLE_PAUSE = Duration.ofSeconds(3);
  private static final Duration CODE_PATIENCE = Duration.ofSeconds(60);
  private static final LoginResult GIVEN_UP =
      LoginResult.of(
          LoginResult.Kind.ABANDONED, "the login was given up before anything was submitted");
  private static final LoginResult UNHEARD_OF =
      LoginResult.of(
          LoginResult.Kind.NO_ANSWER, "the login was given up before a session was seen");

  private LoginRules() {}

  static void loggingIn(CellPass cell, Stage.LoggingIn stage) {
    switch (stage.step()) {
      case Stage.Preparing preparing -> preparing(cell, stage, preparing);
      case Stage.Permitting permitting -> permitting(cell, stage, permitting);
      case Stage.Submitting submitting -> submitting(cell, stage, submitting);
      case Stage.Settling settling -> settling(cell, stage, settling);
    }
  }

  static void step(CellPass cell, Stage.LoggingIn stage, Stage.LoginStep step) {
    cell.stage =
        new Stage.LoggingIn(
            stage.strict(),
            step,
            stage.troubles(),
            stage.missedSecondFactors(),
            stage.lastFailure());
  }

  // ---- preparing

  private static void preparing(CellPass cell, Stage.LoggingIn stage, Stage.Preparing preparing) {
    if (preparing.start().isPresent()) {
      afterStart(cell, stage, preparing.start().orElseThrow());
      return;
    }
    if (!cell.due(preparing.notBefore()) || !cell.mayAct() || cell.freshRecords().isEmpty()) {
      return;
    }
    if (!preparing.started()) {
      cell.explain("StartingGateway", "starts the gateway");
      EffectId start = cell.effect(id -> new Effect.StartGateway(new EffectId(id), cell.gateway()));
      step(cell, stage, new Stage.Preparing(Optional.of(start), false, preparing.notBefore()));
      return;
    }
    if (personNeeded(cell) || mustWait(cell, stage.lastFailure())) {
      return;
    }
    String attempt = cell.once();
    step(cell, stage, new Stage.Permitting(attempt, Optional.empty()));
    permitting(cell, (Stage.LoggingIn) cell.stage, new Stage.Permitting(attempt, Optional.empty()));
  }

  private static void afterStart(CellPass cell, Stage.LoggingIn stage, EffectId start) {
    if (!cell.finished(start)) {
      return;
    }
    cell.nextProbeAt = cell.now.monotonic();
    if (cell.succeeded(start)) {
      step(cell, stage, new Stage.Preparing(Optional.empty(), true, cell.now.monotonic()));
      preparing(
          cell,
          (Stage.LoggingIn) cell.stage,
          new Stage.Preparing(Optional.empty(), true, cell.now.monotonic()));
      return;
    }
    trouble(cell, stage, "GatewayDoesNotStart", cell.failure(start));
  }

  /**
   * A failure that cost no budget: try again, hand over to a ready standby, in the end ask a
   * person.
   */
  private static void trouble(CellPass cell, Stage.LoggingIn stage, String code, String sentence) {
    int troubles = stage.troubles() + 1;
    if (troubles >= TROUBLES_MAX && CedingRules.cedeForHealth(cell, code, sentence)) {
      return;
    }
    Duration pause = TROUBLE_PAUSE.multipliedBy(Math.min(troubles, 10));
    cell.explain(code, sentence);
    cell.stage =
        new Stage.LoggingIn(
            stage.strict(),
            preparingAt(cell, cell.now.monotonic().plus(pause)),
            troubles,
            stage.missedSecondFactors(),
            sentence);
  }

  private static Stage.Preparing preparingAt(CellPass cell, MonotonicTime time) {
    cell.wakeAt(time);
    return Stage.Preparing.from(time);
  }

  private static boolean personNeeded(CellPass cell) {
    LoginLedger ledger = cell.ledger();
    if (ledger.lockedUntil().filter(until -> until.isAfter(cell.now.wall())).isPresent()) {
      SessionRules.needPerson(
          cell, Stage.PersonCause.LOGINS_LOCKED, "LoginsLocked", lockedSentence(ledger));
      return true;
    }
    if (ledger.failuresInRow() >= cell.settings.failuresMax()) {
      SessionRules.needPerson(
          cell,
          Stage.PersonCause.LOGINS_LOCKED,
          "LoginBudgetSpent",
          ledger.failuresInRow()
              + " failed logins in a row, the budget is spent: mend the cause, then unlock");
      return true;
    }
    if (cell.settings.secondFactor() == SecondFactorKind.OPERATOR && !cell.loginOrdered) {
      SessionRules.needPerson(
          cell,
          Stage.PersonCause.CODE_NEEDED,
          "OperatorCodeNeeded",
          "the second factor needs an operator: run the login command");
      return true;
    }
    return false;
  }

  static String lockedSentence(LoginLedger ledger) {
    Instant until = ledger.lockedUntil().orElse(Instant.MAX);
    return until.equals(Instant.MAX)
        ? ledger.lockReason() + ": logins are locked until an operator unlocks them"
        : ledger.lockReason() + ": logins are locked until " + until;
  }

  private static boolean mustWait(CellPass cell, String lastFailure) {
    if (cell.directives().paused() && !cell.loginOrdered && cell.switchover().isEmpty()) {
      return wait(cell, "AutomationPaused", "needs a login, and automation is paused");
    }
    Instant wall = cell.now.wall();
    Optional<MaintenanceWindow> window =
        cell.settings.maintenance().stream().filter(w -> w.contains(wall)).findFirst();
    if (window.isPresent()) {
      // It ends with a full second.
      cell.wakeIn(Duration.between(wall, wall.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1)));
      return wait(
          cell, "MaintenanceWindow", "waits for the end of IBKR's maintenance, " + window.get());
    }
    Optional<Instant> backoff = backoffEnd(cell);
    if (backoff.filter(end -> !cell.reached(end)).isPresent()) {
      return wait(
          cell,
          "LoginBackoff",
          "waits until "
              + backoff.orElseThrow().truncatedTo(ChronoUnit.SECONDS)
              + because(lastFailure));
    }
    Instant usable = cell.ledger().codeUsableAt(wall, TotpStep.REMAINING_MIN);
    if (cell.settings.secondFactor() == SecondFactorKind.TOTP
        && !cell.reached(usable.minus(CODE_PATIENCE))) {
      return wait(
          cell,
          "CodeStepFarAhead",
          "a code was used for a time that this clock reaches only at "
              + usable
              + ": set the clock");
    }
    Optional<Duration> skew = cell.status().brokerClockOffset();
    if (cell.settings.secondFactor() == SecondFactorKind.TOTP
        && skew.filter(s -> s.abs().compareTo(cell.settings.clockSkewMax()) > 0).isPresent()) {
      return wait(
          cell,
          "ClockSkew",
          "the clock differs from IBKR's by "
              + skew.orElseThrow().toMillis()
              + " ms, codes would be refused: set the clock");
    }
    return false;
  }

  private static boolean wait(CellPass cell, String code, String sentence) {
    cell.explain(code, sentence);
    return true;
  }

  /** What to mend, while a wait for the next login stands in the foreground. */
  static String because(String lastFailure) {
    return lastFailure.isEmpty() ? "" : "; the last login failed: " + lastFailure;
  }

  private static Optional<Instant> backoffEnd(CellPass cell) {
    LoginLedger ledger = cell.ledger();
    int failures = ledger.failuresInRow();
    if (failures == 0) {
      return Optional.empty();
    }
    Duration pause = cell.settings.backoff().multipliedBy(1L << Math.min(failures - 1, 10));
    Instant wall = cell.now.wall();
    // An attempt from the future was dated by a clock that was wrong: it counts from this login on.
    Instant waited = wall.minus(cell.inPhase());
    return ledger.attempts().reverse().stream()
        .filter(attempt -> attempt.verdict().counts())
        .findFirst()
        .map(attempt -> cell.reached(attempt.at()) ? attempt.at() : waited)
        .map(at -> at.plus(pause));
  }

  // ---- the permit

  private static void permitting(
      CellPass cell, Stage.LoggingIn stage, Stage.Permitting permitting) {
    if (!cell.settled(permitting.write())) {
      return;
    }
    Optional<GatewayRecords> fresh = cell.freshRecords();
    if (fresh.isEmpty() || !cell.mayAct()) {
      step(cell, stage, new Stage.Permitting(permitting.attempt(), Optional.empty()));
      return;
    }
    GatewayRecords records = fresh.orElseThrow();
    LoginLedger ledger = records.ledger().value();
    if (ledger.attempt(permitting.attempt()).isPresent()) {
      submit(cell, stage, permitting.attempt());
      return;
    }
    if (ledger.failuresInRow() >= cell.settings.failuresMax()) {
      step(cell, stage, preparingAt(cell, cell.now.monotonic()));
      return;
    }
    LoginAttempt attempt =
        new LoginAttempt(
            permitting.attempt(),
            cell.node.self(),
            cell.epoch,
            cell.now.wall(),
            LoginAttempt.Verdict.OPEN);
    cell.explain("PermitAsked", "asks for a login permit");
    Optional<EffectId> write =
        cell.write(
            records,
            cell.stillEntitled(records),
            ImmutableList.of(
                new GuardedWrite.LedgerUpdate(
                    ledger.withAttempt(attempt), records.ledger().version())),
            Optional.empty());
    step(cell, stage, new Stage.Permitting(permitting.attempt(), write));
  }

  private static void submit(CellPass cell, Stage.LoggingIn stage, String attempt) {
    LoginPermit permit = new LoginPermit(attempt, cell.epoch);
    cell.harmless = false;
    cell.loginOrdered = cell.loginOrdered && isOperators(cell);
    EffectId login = cell.effect(id -> new Effect.Login(new EffectId(id), cell.gateway(), permit));
    cell.explain("LoggingIn", "logs in, epoch " + cell.epoch);
    step(
        cell,
        stage,
        new Stage.Submitting(attempt, login, 0, operatorCodes(cell), Optional.empty()));
  }

  static boolean isOperators(CellPass cell) {
    return cell.settings.secondFactor() == SecondFactorKind.OPERATOR;
  }

  static int operatorCodes(CellPass cell) {
    Integer count = cell.seen.operatorCodes().get(cell.gateway());
    return count == null ? 0 : count;
  }

  // ---- codes

  private static void submitting(
      CellPass cell, Stage.LoggingIn stage, Stage.Submitting submitting) {
    if (cell.outcome(submitting.login()).orElse(null) instanceof Observation.LoginFinished end) {
      finished(cell, stage, submitting, end.result());
      return;
    }
    Integer asked = cell.seen.codeRequests().get(submitting.login());
    if (asked == null || asked <= submitting.codesGranted()) {
      return;
    }
    if (submitting.codesGranted() >= CODES_MAX) {
      CodeRules.refuse(cell, stage, submitting, "two codes were submitted in this login already");
      return;
    }
    CodeRules.grant(cell, stage, submitting);
  }

  // ---- the verdict

  /** The attempt whose verdict is still to be written, if there is one. */
  static Optional<String> underWay(CellPass cell) {
    return cell.stage instanceof Stage.Ceding ceding
        ? ceding.cutShort().map(Stage.CutShort::attempt)
        : cutShort(cell).map(Stage.CutShort::attempt);
  }

  /** What must be on record about a login that is given up now, if one is under way. */
  static Optional<Stage.CutShort> cutShort(CellPass cell) {
    return switch (cell.stage) {
      case Stage.LoggingIn loggingIn ->
          switch (loggingIn.step()) {
            case Stage.Preparing _ -> Optional.empty();
            case Stage.Permitting permitting ->
                cutShort(permitting.attempt(), Optional.empty(), GIVEN_UP);
            case Stage.Submitting submitting ->
                cutShort(submitting.attempt(), Optional.of(submitting.login()), UNHEARD_OF);
            case Stage.Settling settling ->
                cutShort(settling.attempt(), Optional.empty(), settling.result());
          };
      case Stage.Verifying verifying ->
          verifying.attempt().flatMap(attempt -> cutShort(attempt, Optional.empty(), UNHEARD_OF));
      case Stage.Standby _,
          Stage.Claiming _,
          Stage.Fencing _,
          Stage.Reconciling _,
          Stage.Serving _,
          Stage.Ceding _,
          Stage.SelfFencing _,
          Stage.NeedsOperator _ ->
          Optional.empty();
    };
  }

  private static Optional<Stage.CutShort> cutShort(
      String attempt, Optional<EffectId> login, LoginResult result) {
    return Optional.of(new Stage.CutShort(attempt, login, result));
  }

  /** The result to write. A page that said success is none: no session was seen. */
  static LoginResult lastWord(CellPass cell, Stage.CutShort login) {
    return login
        .login()
        .flatMap(cell::outcome)
        .filter(Observation.LoginFinished.class::isInstance)
        .map(end -> ((Observation.LoginFinished) end).result())
        .filter(result -> result.kind() != LoginResult.Kind.SUBMITTED)
        .orElse(login.result());
  }

  private static void finished(
      CellPass cell, Stage.LoggingIn stage, Stage.Submitting submitting, LoginResult result) {
    cell.loginOrdered = false;
    if (result.kind() == LoginResult.Kind.SUBMITTED) {
      cell.nextProbeAt = cell.now.monotonic();
      cell.transition(
          Signal.SESSION_EXPECTED,
          new Stage.Verifying(
              stage.strict(),
              Optional.of(submitting.attempt()),
              Optional.empty(),
              Optional.empty(),
              false),
          "Verifying",
          "logged in, waits until the gateway says that the session is established");
      return;
    }
    cell.explain(result.kind().name(), result.detail());
    step(cell, stage, new Stage.Settling(submitting.attempt(), result, Optional.empty()));
    settling(
        cell, (Stage.LoggingIn) cell.stage, (Stage.Settling) ((Stage.LoggingIn) cell.stage).step());
  }

  private static void settling(CellPass cell, Stage.LoggingIn stage, Stage.Settling settling) {
    if (!cell.settled(settling.write())) {
      return;
    }
    Optional<GatewayRecords> fresh = cell.freshRecords();
    if (fresh.isEmpty() || !cell.mayAct()) {
      step(
          cell, stage, new Stage.Settling(settling.attempt(), settling.result(), Optional.empty()));
      return;
    }
    GatewayRecords records = fresh.orElseThrow();
    if (isOpen(records.ledger().value(), settling.attempt())) {
      Optional<EffectId> write = writeVerdict(cell, records, settling.attempt(), settling.result());
      step(cell, stage, new Stage.Settling(settling.attempt(), settling.result(), write));
      return;
    }
    afterFailure(cell, stage, settling.result());
  }

  static boolean isOpen(LoginLedger ledger, String attempt) {
    return ledger
        .attempt(attempt)
        .filter(a -> a.verdict() == LoginAttempt.Verdict.OPEN)
        .isPresent();
  }

  /**
   * Writes the verdict, and the lock where it spends the budget or IBKR says locked, in one
   * transaction.
   */
  static Optional<EffectId> writeVerdict(
      CellPass cell, GatewayRecords records, String attempt, LoginResult result) {
    LoginLedger ledger = settled(cell, records.ledger().value(), attempt, result);
    return cell.write(
        records,
        cell.stillEntitled(records),
        ImmutableList.of(new GuardedWrite.LedgerUpdate(ledger, records.ledger().version())),
        Optional.of(loginLine(cell, result)));
  }

  /** The ledger with the verdict, locked where that spends the budget or IBKR says locked. */
  static LoginLedger settled(
      CellPass cell, LoginLedger before, String attempt, LoginResult result) {
    LoginLedger ledger = before.withVerdict(attempt, result.kind().verdict(), cell.now.wall());
    if (result.kind() == LoginResult.Kind.LOCKED_OUT) {
      return ledger.locked(
          result.lockedUntil().orElse(Instant.MAX), "IBKR says: " + result.detail());
    }
    if (ledger.failuresInRow() >= cell.settings.failuresMax()) {
      return ledger.locked(
          Instant.MAX, ledger.failuresInRow() + " failed logins in a row: " + result.detail());
    }
    return ledger;
  }

  private static HistoryEntry loginLine(CellPass cell, LoginResult result) {
    return cell.history("Login", result.kind() + ": " + result.detail());
  }

  private static void afterFailure(CellPass cell, Stage.LoggingIn stage, LoginResult result) {
    MonotonicTime again = cell.now.monotonic().plus(Duration.ofMillis(200));
    int missed =
        stage.missedSecondFactors()
            + (result.kind() == LoginResult.Kind.SECOND_FACTOR_MISSED ? 1 : 0);
    if (missed >= 2 || !result.kind().retryable()) {
      boolean locked = result.kind() == LoginResult.Kind.LOCKED_OUT;
      SessionRules.needPerson(
          cell,
          locked ? Stage.PersonCause.LOGINS_LOCKED : Stage.PersonCause.LOGIN_NOT_POSSIBLE,
          result.kind().name(),
          result.detail());
      return;
    }
    if (result.kind().verdict() == LoginAttempt.Verdict.NOT_SUBMITTED) {
      trouble(cell, stage, result.kind().name(), result.detail());
      return;
    }
    cell.stage =
        new Stage.LoggingIn(stage.strict(), preparingAt(cell, again), 0, missed, result.detail());
  }
}
