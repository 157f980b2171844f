package io.understudy.node.core.failover;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.gateway.LoginResult;
import io.understudy.node.core.login.TotpStep;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.MonotonicTime;
import java.util.Optional;

/**
 * A cell's phase with the data that exists only in it. Lost on a crash: what must survive is in
 * coordination.
 */
@Immutable
sealed interface Stage {
  Phase phase();

  /**
   * The same, and positions are to be compared strictly before it serves. A comparison under way
   * that is not strict is made again.
   */
  default Stage strictly() {
    return switch (this) {
      case Fencing f -> new Fencing(true, f.formerStopped, f.call, f.callAgainAt, f.write);
      case LoggingIn l ->
          new LoggingIn(true, l.step, l.troubles, l.missedSecondFactors, l.lastFailure);
      case Verifying v -> new Verifying(true, v.attempt, v.reopen, v.write, v.givenUp);
      case Reconciling r ->
          r.strict ? r : new Reconciling(true, Optional.empty(), r.againAt, r.loss);
      case Standby _, Claiming _, Serving _, Ceding _, SelfFencing _, NeedsOperator _ -> this;
    };
  }

  /**
   * Logged out, warm where the driver can.
   *
   * @param start a warm start of the gateway in flight
   */
  @Immutable
  record Standby(Optional<EffectId> start, int startFailures, MonotonicTime startAgainAt)
      implements Stage {
    static Standby fresh(MonotonicTime now) {
      return new Standby(Optional.empty(), 0, now);
    }

    @Override
    public Phase phase() {
      return Phase.STANDBY;
    }
  }

  @Immutable
  record Claiming(Epoch next, Optional<EffectId> write) implements Stage {
    @Override
    public Phase phase() {
      return Phase.CLAIMING;
    }
  }

  /**
   * The epoch is ours; custody is not yet.
   *
   * @param strict custody was found: the takeover is unclean, and positions are compared strictly
   */
  @Immutable
  record Fencing(
      boolean strict,
      boolean formerStopped,
      Optional<EffectId> call,
      MonotonicTime callAgainAt,
      Optional<EffectId> write)
      implements Stage {
    @Override
    public Phase phase() {
      return Phase.FENCING;
    }
  }

  /**
   * Custody is ours, the session is not there yet.
   *
   * @param troubles local failures in a row that cost no budget (gateway does not start, page does
   *     not load)
   * @param lastFailure why the last login failed, for people; empty before the first
   */
  @Immutable
  record LoggingIn(
      boolean strict, LoginStep step, int troubles, int missedSecondFactors, String lastFailure)
      implements Stage {
    /** The beginning, with the preparations due at once. */
    static LoggingIn fresh(boolean strict, MonotonicTime now) {
      return new LoggingIn(strict, Preparing.from(now), 0, 0, "");
    }

    @Override
    public Phase phase() {
      return Phase.LOGGING_IN;
    }
  }

  /** The steps of a login, each decided after the former's end was observed. */
  @Immutable
  sealed interface LoginStep {}

  /** Start the gateway (which does nothing where it runs), then wait until a login is allowed. */
  @Immutable
  record Preparing(Optional<EffectId> start, boolean started, MonotonicTime notBefore)
      implements LoginStep {
    static Preparing from(MonotonicTime notBefore) {
      return new Preparing(Optional.empty(), false, notBefore);
    }
  }

  /** The permit is being written. */
  @Immutable
  record Permitting(String attempt, Optional<EffectId> write) implements LoginStep {}

  /** The driver logs in; it may ask for codes. */
  @Immutable
  record Submitting(
      String attempt,
      EffectId login,
      int codesGranted,
      int operatorCodesUsed,
      Optional<CodeGrant> grant)
      implements LoginStep {
    Submitting withGrant(Optional<CodeGrant> value) {
      return new Submitting(attempt, login, codesGranted, operatorCodesUsed, value);
    }
  }

  /** A step is being recorded in the ledger, before its code is submitted. */
  @Immutable
  record CodeGrant(TotpStep step, Optional<EffectId> write) {}

  /** The verdict is being written. */
  @Immutable
  record Settling(String attempt, LoginResult result, Optional<EffectId> write)
      implements LoginStep {}

  /**
   * Submitted or re-opened; the gateway's status must say so.
   *
   * @param attempt the login whose verdict is still open; empty when a session is re-opened
   * @param reopen the re-opening in flight
   * @param givenUp the wait is over, the verdict is being written
   */
  @Immutable
  record Verifying(
      boolean strict,
      Optional<String> attempt,
      Optional<EffectId> reopen,
      Optional<EffectId> write,
      boolean givenUp)
      implements Stage {
    @Override
    public Phase phase() {
      return Phase.VERIFYING;
    }
  }

  @Immutable
  record Reconciling(
      boolean strict, Optional<EffectId> comparison, MonotonicTime againAt, Loss loss)
      implements Stage {
    static Reconciling from(boolean strict, MonotonicTime now) {
      return new Reconciling(strict, Optional.empty(), now, Loss.none(now));
    }

    @Override
    public Phase phase() {
      return Phase.RECONCILING;
    }
  }

  /**
   * Logged in and reconciled.
   *
   * @param recheck a comparison of positions in flight while serving
   */
  @Immutable
  record Serving(Optional<EffectId> recheck, Loss loss) implements Stage {
    @Override
    public Phase phase() {
      return Phase.SERVING;
    }
  }

  /**
   * How often in a row, up to which look, the gateway said that the session is gone, and how often
   * the program did not answer at all.
   */
  @Immutable
  record Loss(int looks, int hangs, MonotonicTime lastLook) {
    static Loss none(MonotonicTime now) {
      return new Loss(0, 0, now);
    }
  }

  /** Why a leader gives up in good order. */
  enum CedeCause {
    SWITCHOVER,
    LOGGED_OUT,
    STOPPING,
    UNHEALTHY
  }

  /**
   * Log out, else fence; then clear custody; then leave the election.
   *
   * @param stopAt the gateway is not asked to stop before
   * @param cutShort the login that this put an end to; its verdict is written when custody is
   *     cleared
   */
  @Immutable
  record Ceding(
      CedeCause cause,
      CedeStep step,
      Optional<EffectId> effect,
      MonotonicTime stopAt,
      Optional<CutShort> cutShort)
      implements Stage {
    Ceding at(CedeStep next, Optional<EffectId> waitingFor) {
      return new Ceding(cause, next, waitingFor, stopAt, cutShort);
    }

    /** The gateway did not stop: it is stopped by force, not before that time. */
    Ceding forcing(MonotonicTime time) {
      return new Ceding(cause, CedeStep.FENCING, Optional.empty(), time, cutShort);
    }

    @Override
    public Phase phase() {
      return Phase.CEDING;
    }
  }

  /**
   * A login that was given up before its verdict was on record.
   *
   * @param login the submission in flight; empty when there is none
   * @param result what became of it; where a submission is in flight, what holds if nothing is
   *     heard of it
   */
  @Immutable
  record CutShort(String attempt, Optional<EffectId> login, LoginResult result) {}

  /** The steps of giving up. */
  enum CedeStep {
    SHUTTING_RELAY,
    LOGGING_OUT,
    FENCING,
    CLEARING_CUSTODY,
    LEAVING
  }

  @Immutable
  record SelfFencing(Optional<EffectId> fence, MonotonicTime againAt) implements Stage {
    @Override
    public Phase phase() {
      return Phase.SELF_FENCING;
    }
  }

  /** What a person must look at. */
  enum PersonCause {
    LOGINS_LOCKED,
    POSITIONS_DIFFER,
    COMPETING_SESSION,
    LOGIN_NOT_POSSIBLE,
    CODE_NEEDED
  }

  /**
   * Nothing goes on until a person acts.
   *
   * @param fence makes a gateway harmless that must not act meanwhile
   * @param fenceAt when that is tried, or tried again
   */
  @Immutable
  record NeedsOperator(
      PersonCause cause, Optional<EffectId> fence, MonotonicTime fenceAt, Loss loss)
      implements Stage {
    @Override
    public Phase phase() {
      return Phase.NEEDS_OPERATOR;
    }
  }
}
