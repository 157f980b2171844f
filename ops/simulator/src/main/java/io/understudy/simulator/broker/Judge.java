package io.understudy.simulator.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides from what the broker sees whether a cluster broke a promise.
 *
 * <p>A <em>source</em> is a gateway, and so a node. The broker cannot see leases; it sees who opens
 * the session of a username, who uses it and who ends it. So for each username and source the judge
 * keeps a <em>tenure</em>:
 *
 * <ul>
 *   <li>It is <em>opened</em> by a submission of credentials, or by a brokerage init.
 *   <li>It <em>ends</em> by a logout that a client asked for, by a refused login, by {@code GET
 *       /clear} on the gateway, or when the gateway's process is gone. The last two reach the
 *       broker over the stand-in's presence connection; of a genuine gateway they stay unseen.
 *   <li>It is <em>active</em> while a client (its driver, its browser, a trading client) has called
 *       within the last {@code activeWindow}. What the gateway program does by itself, such as its
 *       own tickle, is not activity.
 *   <li>It is <em>displaced</em> as soon as another source opens, even if it ended before: a
 *       gateway that only logged out still has its single sign-on.
 * </ul>
 *
 * <p>SingleSession is broken when
 *
 * <ol>
 *   <li>a source opens while the tenure of another one has neither ended nor been displaced and is
 *       active: two nodes logging in, or logged in and at work, at once;
 *   <li>a displaced source opens the brokerage session again without a new submission of
 *       credentials (by its driver or by itself: a displaced gateway must be cleared), or submits a
 *       one-time code, before the newcomer ended;
 *   <li>a client of a displaced source uses the session (any call below {@code /iserver} except the
 *       status) before the newcomer ended. Reported once for each displacement.
 * </ol>
 *
 * <p>It is <em>not</em> broken when a newcomer kicks the remnant of a source that died, logged out,
 * cleared, or has been silent for longer than {@code activeWindow}; when a displaced source looks
 * at its status, tickles or logs out; or when a person on TWS takes the session, or it is taken
 * back from that person.
 *
 * <p>OneCodePerStep is broken by the second submission of a time step for a username. LoginBudget
 * is broken by any submission after {@code failuresMax} refusals in a row, and by any while the
 * user is locked.
 *
 * <p>Guarded by the broker's lock.
 */
final class Judge {
  private final Duration activeWindow;
  private final int failuresMax;
  private final Consumer<Violation> verdicts;
  private final Map<String, Map<String, Tenure>> tenures = new LinkedHashMap<>();
  private final Map<String, Integer> failuresInARow = new LinkedHashMap<>();

  Judge(Duration activeWindow, int failuresMax, Consumer<Violation> verdicts) {
    if (activeWindow.isNegative()) {
      throw new IllegalArgumentException("active window: " + activeWindow + " (expected: >= 0)");
    }
    if (failuresMax < 1) {
      throw new IllegalArgumentException("login budget: " + failuresMax + " (expected: >= 1)");
    }
    this.activeWindow = activeWindow;
    this.failuresMax = failuresMax;
    this.verdicts = verdicts;
  }

  private static final class Tenure {
    private final String source;
    private Instant lastActivity = Instant.EPOCH;
    private boolean open;
    private Optional<Tenure> displacedBy = Optional.empty();
    private boolean useReported;

    Tenure(String source) {
      this.source = source;
    }

    void open() {
      open = true;
      displacedBy = Optional.empty();
      useReported = false;
    }

    /** Also of a tenure that has ended: its gateway may still have a single sign-on. */
    void displaceBy(Tenure newcomer) {
      displacedBy = Optional.of(newcomer);
      useReported = false;
    }

    /** The one that displaced this source and has not ended since. */
    Optional<Tenure> rival() {
      return displacedBy.filter(rival -> rival.open);
    }
  }

  /** Credentials of the user were submitted, whatever came of it. */
  void credentialsSubmitted(String user, String source, Instant at, boolean locked) {
    checkBudget(user, source, at, locked);
    Tenure mine = tenure(user, source);
    displaceOthers(user, mine, at, "submitted credentials");
    mine.open();
    mine.lastActivity = at;
  }

  /** A one-time code was submitted for the step; {@code first} if never before for this user. */
  void codeSubmitted(
      String user, String source, long step, boolean first, Instant at, boolean locked) {
    if (!first) {
      report(
          Violation.Promise.OneCodePerStep,
          user,
          source,
          "",
          at,
          "submitted a code of time step " + step + " for the second time");
    }
    checkBudget(user, source, at, locked);
    Tenure mine = tenure(user, source);
    mine.lastActivity = at;
    mine.rival().ifPresent(rival -> reportUse(user, mine, rival, at, "submitted a one-time code"));
  }

  /** The brokerage session was asked for, by the gateway itself or by a client. */
  void brokerageOpened(String user, String source, Instant at) {
    Tenure mine = tenure(user, source);
    mine.rival()
        .ifPresent(rival ->
            report(
                Violation.Promise.SingleSession,
                user,
                source,
                rival.source,
                at,
                source
                    + " opened the brokerage session again after "
                    + rival.source
                    + " had taken over"));
    displaceOthers(user, mine, at, "opened the brokerage session");
    mine.open();
  }

  /**
   * A client of the source called with a valid session.
   *
   * @param use whether the call uses the brokerage session rather than looks at it
   */
  void clientCalled(String user, String source, String path, boolean use, Instant at) {
    Tenure mine = tenure(user, source);
    mine.lastActivity = at;
    if (use) {
      mine.rival().ifPresent(rival -> reportUse(user, mine, rival, at, "called " + path));
    }
  }

  void loginSucceeded(String user) {
    failuresInARow.remove(user);
  }

  void loginRefused(String user, String source, boolean counted, boolean stillLoggedIn) {
    if (counted) {
      failuresInARow.merge(user, 1, Integer::sum);
    }
    if (!stillLoggedIn) {
      ended(user, source);
    }
  }

  /** An operator allowed logins again. */
  void resetBudget(String user) {
    failuresInARow.remove(user);
  }

  void ended(String user, String source) {
    tenure(user, source).open = false;
  }

  /** The gateway's process is gone, or it forgot its cookies. */
  void ended(String source) {
    for (Map<String, Tenure> ofUser : tenures.values()) {
      Tenure tenure = ofUser.get(source);
      if (tenure != null) {
        tenure.open = false;
      }
    }
  }

  private void checkBudget(String user, String source, Instant at, boolean locked) {
    int failures = failuresInARow.getOrDefault(user, 0);
    if (locked) {
      report(
          Violation.Promise.LoginBudget,
          user,
          source,
          "",
          at,
          "submitted credentials while the user was locked");
    } else if (failures >= failuresMax) {
      report(
          Violation.Promise.LoginBudget,
          user,
          source,
          "",
          at,
          "submitted credentials after " + failures + " refusals in a row");
    }
  }

  private void displaceOthers(String user, Tenure mine, Instant at, String how) {
    for (Tenure other : tenures.getOrDefault(user, Map.of()).values()) {
      if (other == mine) {
        continue;
      }
      boolean holds = other.open && other.displacedBy.isEmpty();
      if (holds && !at.isAfter(other.lastActivity.plus(activeWindow))) {
        Duration ago = Duration.between(other.lastActivity, at);
        report(
            Violation.Promise.SingleSession,
            user,
            mine.source,
            other.source,
            at,
            mine.source
                + " "
                + how
                + " while "
                + other.source
                + " was logged in or logging in, last active "
                + ago.toMillis()
                + " ms before");
      }
      other.displaceBy(mine);
    }
  }

  private void reportUse(String user, Tenure mine, Tenure rival, Instant at, String how) {
    if (mine.useReported) {
      return;
    }
    mine.useReported = true;
    report(
        Violation.Promise.SingleSession,
        user,
        mine.source,
        rival.source,
        at,
        mine.source + " " + how + " after " + rival.source + " had taken over");
  }

  private Tenure tenure(String user, String source) {
    return tenures
        .computeIfAbsent(user, _ -> new LinkedHashMap<>())
        .computeIfAbsent(source, Tenure::new);
  }

  private void report(
      Violation.Promise promise,
      String user,
      String source,
      String other,
      Instant at,
      String what) {
    verdicts.accept(new Violation(promise, user, source, other, at, what));
  }
}
