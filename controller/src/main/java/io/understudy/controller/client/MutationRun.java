package io.understudy.controller.client;

import io.grpc.StatusException;
import io.understudy.controller.text.Spans;
import io.understudy.v1.ControlPlaneGrpc;
import io.understudy.v1.GetClusterRequest;
import io.understudy.v1.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One mutation from its first attempt to its end. Every attempt sends the same request, so a
 * repetition never acts twice. What this class knows at each moment is whether some node may have
 * heard the request: only while none can have, giving up means "not done"; afterwards it means
 * "outcome unknown".
 */
final class MutationRun {
  private static final int REDIRECTS_MAX = 3;
  private static final Duration PAUSE_FIRST = Duration.ofMillis(200);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

  private final Context context;
  private final Connections connections;
  private final Lookout lookout;
  private final Consumer<String> notes;
  private final Pause pause;
  private final Mutation mutation;
  private final Patience patience;
  private final ProgressObserver observer;
  private final long started = System.nanoTime();

  private int redirects;
  private Duration nextPause = PAUSE_FIRST;
  private boolean maybeHeard;
  private boolean accepted;

  MutationRun(
      Context context,
      Connections connections,
      Lookout lookout,
      Consumer<String> notes,
      Pause pause,
      Mutation mutation,
      Patience patience,
      ProgressObserver observer) {
    this.context = context;
    this.connections = connections;
    this.lookout = lookout;
    this.notes = notes;
    this.pause = pause;
    this.mutation = mutation;
    this.patience = patience;
    this.observer = observer;
  }

  MutationOutcome from(Sighting sighting) {
    try {
      Endpoint target = sighting.leaderOf(mutation.gateway());
      boolean proven = target.equals(sighting.endpoint());
      while (true) {
        try {
          if (!proven) {
            prove(target);
          }
          return follow(target);
        } catch (StatusException e) {
          RpcError error = RpcError.of(e);
          Optional<Endpoint> redirect = redirect(error, target);
          proven = false;
          target = redirect.isPresent() ? redirect.get() : afterPause(error, target);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw maybeHeard
          ? unknown("Interrupted.")
          : Failure.aborted("Interrupted before anything was asked for.");
    }
  }

  /** A read that tells a node that cannot be reached from one that lost our request. */
  private void prove(Endpoint target) throws StatusException {
    var _ =
        ControlPlaneGrpc.newBlockingV2Stub(connections.to(target))
            .withDeadlineAfter(SILENCE_MAX.toNanos(), TimeUnit.NANOSECONDS)
            .getCluster(GetClusterRequest.getDefaultInstance());
  }

  private MutationOutcome follow(Endpoint target) throws StatusException, InterruptedException {
    notes.accept("Asking " + target + " with request id " + mutation.requestId());
    Mutation.Conversation conversation = null;
    boolean before = maybeHeard;
    maybeHeard = true;
    try {
      conversation =
          mutation.opening().open(ControlPlaneGrpc.newBlockingV2Stub(connections.to(target)));
      return read(conversation, target);
    } catch (StatusException e) {
      // A node that answers with a reason has not carried it out under this attempt.
      RpcError error = RpcError.of(e);
      maybeHeard = before || accepted || error.transport() || error.outcomeUnknown();
      throw e;
    } finally {
      if (conversation != null) {
        conversation.call().cancel("The caller is done", null);
      }
    }
  }

  private MutationOutcome read(Mutation.Conversation conversation, Endpoint target)
      throws StatusException, InterruptedException {
    long heardAt = System.nanoTime();
    boolean codeRequested = false;
    while (true) {
      Progress progress;
      try {
        progress = conversation.call().read(TICK.toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        observer.stillRunning();
        refuseToWaitLonger();
        if (System.nanoTime() - heardAt > SILENCE_MAX.toNanos()) {
          prove(target);
          heardAt = System.nanoTime();
        }
        continue;
      }
      heardAt = System.nanoTime();
      if (progress == null) {
        throw unknown(target + " ended the call without a result.");
      }
      accepted = true;
      observer.progressed(progress);
      if (progress.hasResult()) {
        return new MutationOutcome.Ended(progress.getResult());
      }
      if (!patience.untilEnd()) {
        return new MutationOutcome.Accepted(progress);
      }
      // Asked for anew only after a time without: the same wish may be told more than once.
      if (progress.getCodeRequested() && !codeRequested) {
        conversation.code().take(observer.oneTimeCode(progress));
        heardAt = System.nanoTime();
      }
      codeRequested = progress.getCodeRequested();
    }
  }

  private void refuseToWaitLonger() {
    if (accepted && elapsed().compareTo(patience.end()) > 0) {
      throw new Failure(
          ExitCode.UNKNOWN,
          "STILL_RUNNING",
          "Not finished after "
              + Spans.text(patience.end())
              + ". It goes on by itself: see `understudy status --watch`; "
              + repeatable());
    }
    if (!accepted && elapsed().compareTo(patience.answer()) > 0) {
      throw unknown("No answer within " + Spans.text(patience.answer()) + ".");
    }
  }

  /** Where to go at once after NOT_LEADER; empty when it has to be looked for. */
  private Optional<Endpoint> redirect(RpcError error, Endpoint target) {
    if (!error.notLeader()) {
      return Optional.empty();
    }
    if (redirects == REDIRECTS_MAX) {
      throw given(
          new Failure(
              ExitCode.REFUSED,
              "NOT_LEADER",
              "The leader of "
                  + mutation.gateway()
                  + " kept moving: "
                  + (redirects + 1)
                  + " nodes each named another one; repeat when `understudy status` is quiet"));
    }
    redirects++;
    notes.accept(target + " is not the leader; it names " + error.metadata());
    return error.leaderAddress();
  }

  /** Waits, looks again and says whom to ask next; fails when that is hopeless or too late. */
  private Endpoint afterPause(RpcError error, Endpoint target) throws InterruptedException {
    boolean worthIt =
        error.retryLater() || error.transport() || error.notLeader() || error.outcomeUnknown();
    if (!worthIt) {
      throw given(error.toFailure(context, target));
    }
    if (error.transport()) {
      connections.drop(target);
    }
    Duration limit = accepted ? patience.end() : patience.answer();
    Duration left = limit.minus(elapsed());
    if (left.compareTo(nextPause) <= 0) {
      throw given(error.toFailure(context, target));
    }
    notes.accept("Trying again: " + error.unreached(context, target));
    pause.take(nextPause);
    nextPause = shorter(nextPause.multipliedBy(2), PAUSE_MAX);
    try {
      return lookout.look(shorter(left, patience.answer())).leaderOf(mutation.gateway());
    } catch (Failure nobody) {
      throw given(nobody);
    }
  }

  /** The failure as it is while no node can have heard us; otherwise the outcome is unknown. */
  private Failure given(Failure failure) {
    return maybeHeard ? unknown(failure.sentence()) : failure;
  }

  private Failure unknown(String why) {
    return new Failure(
        ExitCode.UNKNOWN,
        "OUTCOME_UNKNOWN",
        why
            + " It is not known whether it was carried out: see `understudy status`; "
            + repeatable());
  }

  private String repeatable() {
    return "the same command with --request-id "
        + mutation.requestId()
        + " asks for its outcome and never acts twice.";
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
