package io.understudy.node.core.login;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the whole cluster remembers about the logins of one username. Survives crashes, restarts and
 * failovers.
 *
 * @param attempts the newest attempts, oldest first, at most {@link #ATTEMPTS_MAX}
 * @param lastStep the last time step whose code was permitted, if any
 * @param lockedUntil no submission before this instant; {@link Instant#MAX} until an operator
 *     unlocks
 * @param lockReason why it is locked; empty when it is not
 * @param lastSuccess when a login last succeeded
 */
@Immutable
public record LoginLedger(
    ImmutableList<LoginAttempt> attempts,
    Optional<TotpStep> lastStep,
    Optional<Instant> lockedUntil,
    String lockReason,
    Optional<Instant> lastSuccess) {
  public static final int ATTEMPTS_MAX = 32;
  public static final LoginLedger EMPTY =
      new LoginLedger(ImmutableList.of(), Optional.empty(), Optional.empty(), "", Optional.empty());

  /**
   * Failed submissions in a row, newest backwards to the last success; those never submitted do not
   * break the row.
   */
  public int failuresInRow() {
    int failures = 0;
    for (LoginAttempt attempt : attempts.reverse()) {
      if (attempt.verdict() == LoginAttempt.Verdict.SUCCEEDED) {
        break;
      }
      failures += attempt.verdict().counts() ? 1 : 0;
    }
    return failures;
  }

  public Optional<LoginAttempt> attempt(String id) {
    return attempts.stream().filter(attempt -> attempt.id().equals(id)).findFirst();
  }

  /** With one more attempt, whose verdict is open. */
  public LoginLedger withAttempt(LoginAttempt attempt) {
    ImmutableList<LoginAttempt> all =
        ImmutableList.<LoginAttempt>builder().addAll(attempts).add(attempt).build();
    return new LoginLedger(
        all.size() > ATTEMPTS_MAX ? without(all, leastTelling(all)) : all,
        lastStep,
        lockedUntil,
        lockReason,
        lastSuccess);
  }

  /**
   * What may be forgotten first: whatever a later success has made void, else what does not count.
   * A row of failures is never shortened by attempts that came to nothing.
   */
  private static int leastTelling(ImmutableList<LoginAttempt> all) {
    boolean succeeded = all.stream().anyMatch(a -> a.verdict() == LoginAttempt.Verdict.SUCCEEDED);
    return IntStream.range(0, all.size())
        .filter(i -> succeeded || !all.get(i).verdict().counts())
        .findFirst()
        .orElse(0);
  }

  private static ImmutableList<LoginAttempt> without(ImmutableList<LoginAttempt> all, int index) {
    return ImmutableList.<LoginAttempt>builder()
        .addAll(all.subList(0, index))
        .addAll(all.subList(index + 1, all.size()))
        .build();
  }

  /**
   * With the verdict on the attempt of that id; an attempt that is no longer kept changes nothing.
   */
  public LoginLedger withVerdict(String id, LoginAttempt.Verdict verdict, Instant at) {
    ImmutableList<LoginAttempt> settled =
        attempts.stream()
            .map(attempt -> attempt.id().equals(id) ? attempt.withVerdict(verdict) : attempt)
            .collect(ImmutableList.toImmutableList());
    return new LoginLedger(
        settled,
        lastStep,
        lockedUntil,
        lockReason,
        verdict == LoginAttempt.Verdict.SUCCEEDED ? Optional.of(at) : lastSuccess);
  }

  /** With the step used up, before its code is submitted. */
  public LoginLedger withStep(TotpStep step) {
    return new LoginLedger(attempts, Optional.of(step), lockedUntil, lockReason, lastSuccess);
  }

  public LoginLedger locked(Instant until, String reason) {
    return new LoginLedger(attempts, lastStep, Optional.of(until), reason, lastSuccess);
  }

  /**
   * Unlocked by an operator: the row of failures is forgotten, the steps are not, nor an attempt
   * that is still under way.
   */
  public LoginLedger unlocked(Optional<String> underWay) {
    return new LoginLedger(
        attempts.stream()
            .map(attempt ->
                attempt.verdict().counts() && !underWay.equals(Optional.of(attempt.id()))
                    ? attempt.withVerdict(LoginAttempt.Verdict.FORGIVEN)
                    : attempt)
            .collect(ImmutableList.toImmutableList()),
        lastStep,
        Optional.empty(),
        "",
        lastSuccess);
  }

  /**
   * From when on a one-time code may be submitted with that much left of its step: now, or the
   * beginning of the first later step that nobody used.
   */
  public Instant codeUsableAt(Instant wall, Duration remaining) {
    TotpStep step = TotpStep.at(wall);
    boolean used = lastStep.filter(last -> last.compareTo(step) >= 0).isPresent();
    if (!used && step.remaining(wall).compareTo(remaining) >= 0) {
      return wall;
    }
    return lastStep.filter(last -> last.compareTo(step) > 0).orElse(step).next().begin();
  }
}
