package io.understudy.node.api;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.api.GatewayView.LocatedCell;
import io.understudy.node.api.Verdict.Ending;
import io.understudy.node.api.Verdict.Reached;
import io.understudy.node.api.Verdict.Settling;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer.Accepted;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.core.leadership.Directives.Switchover;
import io.understudy.node.core.login.LoginAttempt;
import io.understudy.node.core.login.LoginLedger;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.v1.Result.Outcome;
import java.time.Duration;
import java.util.Optional;

/**
 * When is an accepted command's goal reached, or beyond reach? Pure functions of what was seen
 * before the command and what is seen now; nothing here remembers an event.
 */
final class Goals {
  /** Other nodes write of themselves with each lease renewal, so within this they have spoken. */
  static final Duration RECORDS_GRACE = Duration.ofSeconds(5);

  /** How long a cell that needs a person may take to act on a new wish. */
  static final Duration REACTION_GRACE = Duration.ofSeconds(15);

  /** How long the gate of a serving cell may take to open. */
  static final Duration GATE_GRACE = Duration.ofSeconds(5);

  /** The code of the reason that a cell gives while it compares positions. */
  private static final String COMPARING = "Reconciling";

  /** The code of the reason when positions could not be had. */
  private static final String NOT_COMPARED = "PositionsUnavailable";

  /**
   * What a judgement rests on.
   *
   * @param before as seen before the command was submitted
   * @param switchover this command's hand-over as last seen in the directives
   * @param compares whether a comparison of positions was seen under way since the acceptance
   */
  @Immutable
  record Facts(
      Accepted accepted,
      GatewayView before,
      GatewayView now,
      Optional<Switchover> switchover,
      boolean compares) {
    GatewayId gateway() {
      return accepted.command().meta().gateway();
    }

    Epoch acceptedEpoch() {
      return accepted.acceptedEpoch();
    }

    /** Whether what is seen now is newer than the acceptance. */
    boolean visible() {
      return now.accepted(accepted.command().meta().requestId());
    }

    /** Whether the cell has moved since before the command. */
    boolean moved(LocatedCell located) {
      return before
          .cell(located.node())
          .filter(former -> former.cell().phase() == located.cell().phase())
          .filter(former -> former.cell().phaseSince().equals(located.cell().phaseSince()))
          .isEmpty();
    }

    /** Who led when the hand-over was asked for; unknown for a repeated request. */
    Optional<NodeId> former() {
      return switchover
          .map(Switchover::from)
          .or(() -> accepted.repeated() ? Optional.empty() : before.elected());
    }
  }

  private Goals() {}

  static Verdict judge(Facts facts) {
    return switch (facts.accepted().command()) {
      case Command.Login _ -> login(facts);
      case Command.Logout _ -> logout(facts);
      case Command.Failover failover -> failover(facts, failover);
      case Command.Reconcile _ -> reconcile(facts);
      case Command.SetAutomation automation -> automation(facts, automation.paused());
      case Command.HaltTrading _ -> halt(facts);
      case Command.ResumeTrading _ -> resume(facts);
      case Command.UnlockLogins _ -> unlock(facts);
      // What was accepted is on record: how a drill goes on is told by the list of drills.
      case Command.StartDrill start -> onRecord(facts, start.meta().requestId(), "is on record");
      case Command.AbortDrill abort -> onRecord(facts, abort.drill(), "is to end");
      case Command.MeasureDrill measure -> onRecord(facts, measure.drill(), "has what was seen");
      case Command.PlanDrill _ -> Verdict.RUNNING;
    };
  }

  private static Verdict onRecord(Facts facts, String drill, String how) {
    return new Reached(
        ending(
            Outcome.OUTCOME_DONE,
            facts,
            "The drill " + drill + " of " + facts.gateway() + " " + how));
  }

  private static Verdict login(Facts facts) {
    Optional<LocatedCell> leading = facts.now().leading();
    if (leading.filter(l -> serves(l, facts.acceptedEpoch())).isPresent()) {
      return served(facts, leading.get());
    }
    if (leading.filter(l -> l.cell().phase() == Phase.NEEDS_OPERATOR).isPresent()) {
      Outcome outcome =
          leading.get().cell().session() == SessionState.ESTABLISHED
              ? Outcome.OUTCOME_DEGRADED
              : Outcome.OUTCOME_FAILED;
      return needsOperator(facts, leading.get(), outcome);
    }
    if (facts.visible() && facts.now().directives().loggedOut()) {
      return new Settling(
          ending(
              Outcome.OUTCOME_FAILED,
              facts,
              "A logout of " + facts.gateway() + " was asked for meanwhile"),
          RECORDS_GRACE);
    }
    return Verdict.RUNNING;
  }

  private static Verdict logout(Facts facts) {
    if (!facts.now().directives().loggedOut()) {
      return facts.visible()
          ? new Settling(
              ending(
                  Outcome.OUTCOME_FAILED,
                  facts,
                  "A login of " + facts.gateway() + " was asked for meanwhile"),
              RECORDS_GRACE)
          : Verdict.RUNNING;
    }
    boolean custody =
        facts.now().records().flatMap(records -> records.custody().value()).isPresent();
    boolean session = facts.now().located().anyMatch(l -> mayHoldSession(l.cell()));
    return custody || session
        ? Verdict.RUNNING
        : new Reached(
            ending(
                Outcome.OUTCOME_DONE,
                facts,
                facts.gateway() + " is logged out everywhere, and nobody logs in until a login"));
  }

  private static boolean mayHoldSession(CellRecord cell) {
    return switch (cell.phase()) {
      case LOGGING_IN, VERIFYING, RECONCILING, SERVING, CEDING, SELF_FENCING -> true;
      case STANDBY, CLAIMING, FENCING, NEEDS_OPERATOR -> false;
    };
  }

  private static Verdict failover(Facts facts, Command.Failover command) {
    Optional<LocatedCell> leading = facts.now().leading();
    boolean claimedAnew =
        leading.filter(l -> l.cell().epoch().isAfter(facts.acceptedEpoch())).isPresent();
    if (claimedAnew && !facts.former().equals(leading.map(LocatedCell::node))) {
      return takenOver(facts, command, leading.get());
    }
    boolean vanished =
        (facts.visible() || facts.switchover().isPresent())
            && facts
                .now()
                .directives()
                .switchover()
                .filter(s -> s.requestId().equals(command.meta().requestId()))
                .isEmpty();
    boolean underWay = claimedAnew && leading.filter(l -> onTheWay(l.cell().phase())).isPresent();
    return vanished && !underWay
        ? new Settling(
            ending(
                Outcome.OUTCOME_FAILED,
                facts,
                "The switchover of %s ended without its goal: %s"
                    .formatted(facts.gateway(), standing(facts))),
            RECORDS_GRACE)
        : Verdict.RUNNING;
  }

  private static Verdict takenOver(Facts facts, Command.Failover command, LocatedCell leading) {
    return switch (leading.cell().phase()) {
      case SERVING -> {
        boolean asAsked = command.target().filter(t -> !t.equals(leading.node())).isEmpty();
        yield asAsked
            ? served(facts, leading)
            : new Settling(
                ending(
                    Outcome.OUTCOME_FAILED,
                    facts,
                    standing(facts) + ", and not the node that was asked for"),
                RECORDS_GRACE);
      }
      case NEEDS_OPERATOR -> needsOperator(facts, leading, Outcome.OUTCOME_DEGRADED);
      case STANDBY, CLAIMING, FENCING, LOGGING_IN, VERIFYING, RECONCILING, CEDING, SELF_FENCING ->
          Verdict.RUNNING;
    };
  }

  private static boolean onTheWay(Phase phase) {
    return switch (phase) {
      case CLAIMING, FENCING, LOGGING_IN, VERIFYING, RECONCILING -> true;
      case STANDBY, SERVING, CEDING, SELF_FENCING, NEEDS_OPERATOR -> false;
    };
  }

  private static Verdict reconcile(Facts facts) {
    Optional<LocatedCell> leading = facts.now().leading();
    if (leading.filter(l -> l.cell().phase() == Phase.NEEDS_OPERATOR).isPresent()) {
      return needsOperator(facts, leading.get(), Outcome.OUTCOME_DEGRADED);
    }
    if (leading.filter(l -> serves(l, facts.acceptedEpoch())).isEmpty()) {
      return Verdict.RUNNING;
    }
    if (comparing(leading.get())) {
      return Verdict.RUNNING;
    }
    CellRecord cell = leading.get().cell();
    if (facts.compares() && cell.reason().code().equals(NOT_COMPARED)) {
      return new Reached(ending(Outcome.OUTCOME_FAILED, facts, cell.reason().sentence()));
    }
    if (facts.moved(leading.get()) || facts.compares()) {
      return served(facts, leading.get());
    }
    return facts.visible()
        ? new Settling(serving(facts, leading.get()), RECORDS_GRACE)
        : Verdict.RUNNING;
  }

  /** Whether the cell compares positions now; while it serves only its reason says so. */
  static boolean comparing(LocatedCell located) {
    return located.cell().phase() == Phase.RECONCILING
        || located.cell().reason().code().equals(COMPARING);
  }

  private static Verdict automation(Facts facts, boolean paused) {
    if (facts.now().directives().paused() == paused) {
      return new Reached(
          ending(
              Outcome.OUTCOME_DONE,
              facts,
              paused
                  ? "Automation of "
                      + facts.gateway()
                      + " is paused: no login or takeover by itself"
                  : "Automation of " + facts.gateway() + " works again"));
    }
    return countermanded(facts);
  }

  private static Verdict halt(Facts facts) {
    if (!facts.now().directives().tradingHalted()) {
      return countermanded(facts);
    }
    return facts.now().located().anyMatch(l -> l.cell().gateOpen())
        ? Verdict.RUNNING
        : new Reached(
            ending(
                Outcome.OUTCOME_DONE,
                facts,
                "Trading on " + facts.gateway() + " is halted: the gate is shut"));
  }

  private static Verdict resume(Facts facts) {
    if (facts.now().directives().tradingHalted()) {
      return countermanded(facts);
    }
    String allowed = "Trading on " + facts.gateway() + " is allowed again";
    return facts.now().located().anyMatch(l -> l.cell().gateOpen())
        ? new Reached(ending(Outcome.OUTCOME_DONE, facts, allowed + ": the gate is open"))
        : new Settling(
            ending(
                Outcome.OUTCOME_DONE,
                facts,
                allowed + "; the gate is still shut: " + standing(facts)),
            RECORDS_GRACE);
  }

  private static Verdict unlock(Facts facts) {
    boolean unlocked =
        facts
            .now()
            .records()
            .map(records -> records.ledger().value())
            .filter(ledger -> ledger.lockedUntil().isEmpty())
            .filter(
                ledger -> ledger.failuresInRow() == 0 || (facts.visible() && isNextLogin(ledger)))
            .isPresent();
    return unlocked
        ? new Reached(
            ending(Outcome.OUTCOME_DONE, facts, "Logins of " + facts.gateway() + " are unlocked"))
        : countermanded(facts);
  }

  /**
   * What an unlock lets begin counts as a failure from its permit on; one that has failed already
   * is a new row, which is told.
   */
  private static boolean isNextLogin(LoginLedger ledger) {
    return ledger.failuresInRow() == 1
        && ledger.attempts().getLast().verdict() == LoginAttempt.Verdict.OPEN;
  }

  /** The wish was accepted and does not hold: somebody has changed it since, or will be seen. */
  private static Verdict countermanded(Facts facts) {
    return facts.visible()
        ? new Settling(
            ending(
                Outcome.OUTCOME_FAILED,
                facts,
                "It was carried out and does not hold any more: look at the status"),
            RECORDS_GRACE)
        : Verdict.RUNNING;
  }

  /** Nobody is told that a cell waits for a person before its gate is known to be shut. */
  private static Verdict needsOperator(Facts facts, LocatedCell leading, Outcome outcome) {
    if (leading.cell().gateOpen()) {
      return Verdict.RUNNING;
    }
    Ending ending = stuck(leading, facts, outcome);
    if (facts.moved(leading)) {
      return new Reached(ending);
    }
    return facts.visible() ? new Settling(ending, REACTION_GRACE) : Verdict.RUNNING;
  }

  private static boolean serves(LocatedCell located, Epoch atLeast) {
    return located.cell().phase() == Phase.SERVING && !atLeast.isAfter(located.cell().epoch());
  }

  /**
   * The gate opens a moment after the first serving; it stays shut only while trading is halted.
   */
  private static Verdict served(Facts facts, LocatedCell leading) {
    Ending ending = serving(facts, leading);
    return leading.cell().gateOpen() || facts.now().directives().tradingHalted()
        ? new Reached(ending)
        : new Settling(ending, GATE_GRACE);
  }

  private static Ending serving(Facts facts, LocatedCell leading) {
    CellRecord cell = leading.cell();
    String gate = cell.gateOpen() ? "" : "; the trading gate is shut: " + cell.reason().sentence();
    return new Ending(
        Outcome.OUTCOME_DONE,
        "%s serves %s under epoch %s%s"
            .formatted(leading.node(), facts.gateway(), cell.epoch(), gate),
        cell.epoch(),
        cell.reconciliation());
  }

  private static Ending stuck(LocatedCell leading, Facts facts, Outcome outcome) {
    return new Ending(
        outcome,
        "%s leads %s under epoch %s and needs a person: %s"
            .formatted(
                leading.node(),
                facts.gateway(),
                leading.cell().epoch(),
                leading.cell().reason().sentence()),
        leading.cell().epoch(),
        leading.cell().reconciliation());
  }

  private static Ending ending(Outcome outcome, Facts facts, String sentence) {
    Epoch epoch =
        facts.now().leading().map(leading -> leading.cell().epoch()).orElse(facts.acceptedEpoch());
    return new Ending(outcome, sentence, epoch, Optional.empty());
  }

  /** Who leads now, for sentences. */
  private static String standing(Facts facts) {
    return facts
        .now()
        .leading()
        .map(leading ->
            leading.cell().phase() == Phase.SERVING
                ? "%s serves %s under epoch %s"
                    .formatted(leading.node(), facts.gateway(), leading.cell().epoch())
                : "%s: %s".formatted(leading.node(), leading.cell().reason().sentence()))
        .orElse("nobody leads " + facts.gateway());
  }
}
