package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * OneCodePerStep: the step is on record before its code is shown to the page; a used one is never
 * shown again.
 */
final class CodeRules {
  private static final Duration GRANT_LEAD = Duration.ofMillis(500);

  private CodeRules() {}

  static void refuse(
      CellPass cell, Stage.LoggingIn stage, Stage.Submitting submitting, String sentence) {
    cell.effect(id ->
        new Effect.RefuseCode(new EffectId(id), cell.gateway(), submitting.login(), sentence));
    LoginRules.step(cell, stage, granted(submitting));
  }

  private static Stage.Submitting granted(Stage.Submitting submitting) {
    return new Stage.Submitting(
        submitting.attempt(),
        submitting.login(),
        submitting.codesGranted() + 1,
        submitting.operatorCodesUsed(),
        Optional.empty());
  }

  static void grant(CellPass cell, Stage.LoggingIn stage, Stage.Submitting submitting) {
    Optional<EffectId> write = submitting.grant().flatMap(Stage.CodeGrant::write);
    if (!cell.settled(write)) {
      return;
    }
    Optional<GatewayRecords> fresh = cell.freshRecords();
    if (fresh.isEmpty() || !cell.mayAct()) {
      forgetWrite(cell, stage, submitting);
      return;
    }
    LoginLedger ledger = fresh.orElseThrow().ledger().value();
    Optional<TotpStep> recorded =
        submitting
            .grant()
            .map(Stage.CodeGrant::step)
            .filter(s -> ledger.lastStep().equals(Optional.of(s)));
    if (recorded.isPresent()) {
      handOut(cell, stage, submitting, recorded.orElseThrow());
      return;
    }
    if (LoginRules.isOperators(cell)
        && LoginRules.operatorCodes(cell) <= submitting.operatorCodesUsed()) {
      cell.explain("CodeAwaited", "waits for a one-time code from an operator");
      return;
    }
    recordStep(cell, stage, submitting, fresh.orElseThrow());
  }

  private static void forgetWrite(
      CellPass cell, Stage.LoggingIn stage, Stage.Submitting submitting) {
    LoginRules.step(
        cell,
        stage,
        submitting.withGrant(
            submitting.grant().map(g -> new Stage.CodeGrant(g.step(), Optional.empty()))));
  }

  /**
   * Records the current step, unless it was used or too little of it is left: then waits for the
   * next.
   */
  private static void recordStep(
      CellPass cell, Stage.LoggingIn stage, Stage.Submitting submitting, GatewayRecords records) {
    Instant wall = cell.now.wall();
    TotpStep step = TotpStep.at(wall);
    LoginLedger ledger = records.ledger().value();
    Instant usable = ledger.codeUsableAt(wall, TotpStep.REMAINING_MIN.plus(GRANT_LEAD));
    boolean early = !cell.reached(usable);
    if (early && LoginRules.isOperators(cell)) {
      // By then the code that was handed in is another step's: the operator types the next one.
      LoginRules.step(cell, stage, withCodesUsed(cell, submitting, submitting.codesGranted()));
      cell.wakeIn(Duration.ZERO);
      return;
    }
    if (early) {
      cell.explain(
          "CodeStepAwaited",
          "waits for the next time step, at " + usable + LoginRules.because(stage.lastFailure()));
      return;
    }
    Optional<EffectId> write =
        cell.write(
            records,
            cell.stillEntitled(records),
            ImmutableList.of(
                new GuardedWrite.LedgerUpdate(ledger.withStep(step), records.ledger().version())),
            Optional.empty());
    LoginRules.step(
        cell, stage, submitting.withGrant(Optional.of(new Stage.CodeGrant(step, write))));
  }

  private static void handOut(
      CellPass cell, Stage.LoggingIn stage, Stage.Submitting submitting, TotpStep step) {
    boolean late = step.remaining(cell.now.wall()).compareTo(TotpStep.REMAINING_MIN) < 0;
    if (late) {
      // The step is used up and its code was never shown: take a later one.
      recordStepAgain(cell, stage, submitting);
      return;
    }
    cell.effect(
        id -> new Effect.GrantCode(new EffectId(id), cell.gateway(), submitting.login(), step));
    cell.explain("CodeGranted", "submits a one-time code");
    LoginRules.step(cell, stage, withCodesUsed(cell, submitting, submitting.codesGranted() + 1));
  }

  /** Whatever codes operators have handed in so far are used, or too old. */
  private static Stage.Submitting withCodesUsed(
      CellPass cell, Stage.Submitting submitting, int granted) {
    return new Stage.Submitting(
        submitting.attempt(),
        submitting.login(),
        granted,
        LoginRules.operatorCodes(cell),
        Optional.empty());
  }

  private static void recordStepAgain(
      CellPass cell, Stage.LoggingIn stage, Stage.Submitting submitting) {
    LoginRules.step(cell, stage, submitting.withGrant(Optional.empty()));
    cell.wakeIn(Duration.ZERO);
  }
}
