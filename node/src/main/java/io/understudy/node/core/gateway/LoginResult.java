package io.understudy.node.core.gateway;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.login.LoginAttempt.Verdict;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of one permitted login.
 *
 * @param detail one sentence for people: what was seen, where, and the remedy; never a secret
 * @param lockedUntil with {@link Kind#LOCKED_OUT}: the time that IBKR named, if it named one
 */
@Immutable
public record LoginResult(Kind kind, String detail, Optional<Instant> lockedUntil) {

  public static LoginResult of(Kind kind, String detail) {
    return new LoginResult(kind, detail, Optional.empty());
  }

  /**
   * The kinds, each with its verdict for the ledger and whether trying again by itself can help.
   */
  public enum Kind {
    /** The page said success; the gateway's status must confirm it. */
    SUBMITTED(Verdict.SUCCEEDED, true),
    /** IBKR refused user name or password. */
    CREDENTIALS_REFUSED(Verdict.REFUSED, true),
    /** IBKR refused the one-time code. */
    CODE_REFUSED(Verdict.REFUSED, true),
    /** Nobody confirmed the notification in time. */
    SECOND_FACTOR_MISSED(Verdict.REFUSED, true),
    /** IBKR says that the user is locked, or that there were too many attempts. */
    LOCKED_OUT(Verdict.REFUSED, false),
    /** Live was asked for and the user is a paper user, or the other way round. */
    WRONG_MODE(Verdict.REFUSED, false),
    /** The page asks for a factor that cannot be automated. */
    FACTOR_UNSUPPORTED(Verdict.REFUSED, false),
    /** The form was submitted and nothing conclusive came back. */
    NO_ANSWER(Verdict.UNKNOWN, true),
    /** The page did not load: the gateway or IBKR is away. Nothing was submitted. */
    PAGE_NOT_LOADED(Verdict.NOT_SUBMITTED, true),
    /** The page loaded and is not the page we know. Nothing was submitted. */
    PAGE_UNRECOGNISED(Verdict.NOT_SUBMITTED, false),
    /**
     * The login was given up before anything was submitted: lease over, code not authorised,
     * shutting down.
     */
    ABANDONED(Verdict.NOT_SUBMITTED, true),
    /** A local part failed (browser, secret file) before anything was submitted. */
    LOCAL_FAILURE(Verdict.NOT_SUBMITTED, true);

    private final Verdict verdict;
    private final boolean retryable;

    Kind(Verdict verdict, boolean retryable) {
      this.verdict = verdict;
      this.retryable = retryable;
    }

    public Verdict verdict() {
      return verdict;
    }

    public boolean retryable() {
      return retryable;
    }
  }
}
