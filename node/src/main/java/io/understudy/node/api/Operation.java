package io.understudy.node.api;

import io.grpc.StatusRuntimeException;
import io.understudy.node.api.GatewayView.LocatedCell;
import io.understudy.node.api.Verdict.Ending;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer.Accepted;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.Directives.Switchover;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.wire.ShownMessages;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.Progress;
import io.understudy.v1.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One command under way and the callers that follow it. Lives on the API lane. It only watches: the
 * wish is kept in coordination and is carried out whether or not anybody follows.
 */
final class Operation {
  /** A caller; {@code repeated}: its request id had been used before. */
  private record Follower(ProgressSink sink, boolean repeated) {}

  /** Answers by the core. */
  private record Acceptance(Accepted accepted, PhaseTimes times) {}

  private final Command command;
  private final GatewayView before;
  private final NodeId self;
  private final MonotonicTime startedAt;
  private final List<Follower> followers = new ArrayList<>();
  private Optional<Acceptance> acceptance = Optional.empty();
  private Optional<Switchover> switchover = Optional.empty();
  private boolean compares;
  private Optional<MonotonicTime> settlingSince = Optional.empty();
  private Progress last;
  private Optional<Progress> ended = Optional.empty();

  Operation(Command command, NodeStatus before, MonotonicTime startedAt) {
    this.command = command;
    this.before = GatewayView.of(before, command.meta().gateway());
    this.self = before.self().node();
    this.startedAt = startedAt;
    this.last = Progress.newBuilder().setGateway(command.meta().gateway().value()).build();
  }

  Command command() {
    return command;
  }

  MonotonicTime startedAt() {
    return startedAt;
  }

  boolean accepted() {
    return acceptance.isPresent();
  }

  boolean over() {
    return ended.isPresent();
  }

  /** Adds a caller; one that comes late gets the last progress, or the result at once. */
  void follow(ProgressSink sink, boolean repeated) {
    if (ended.isPresent()) {
      sink.done(withRepeated(ended.get(), repeated));
      return;
    }
    followers.add(new Follower(sink, repeated));
    if (accepted()) {
      sink.progress(last);
    }
  }

  void accept(Accepted accepted, NodeStatus status) {
    acceptance = Optional.of(new Acceptance(accepted, new PhaseTimes(status.at())));
    GatewayView now = GatewayView.of(status, gateway());
    show(
        describe(now, status)
            .setReason(ShownMessages.reason(new Reason("Accepted", accepted.sentence())))
            .build());
  }

  /** Judges the operation by the status; nothing before it was accepted or after its end. */
  void observe(NodeStatus status, MonotonicTime now) {
    if (over()) {
      return;
    }
    GatewayView view = GatewayView.of(status, gateway());
    remember(view);
    if (acceptance.isEmpty()) {
      return;
    }
    Acceptance by = acceptance.get();
    view.leading().ifPresent(leading -> by.times().observe(leading, status.at()));
    show(describe(view, status).build());
    switch (Goals.judge(new Goals.Facts(by.accepted(), before, view, switchover, compares))) {
      case Verdict.Running _ -> settlingSince = Optional.empty();
      case Verdict.Reached(Ending ending) -> end(result(ending, by));
      case Verdict.Settling settling -> {
        MonotonicTime since = settlingSince.orElse(now);
        settlingSince = Optional.of(since);
        if (now.since(since).compareTo(settling.grace()) >= 0) {
          end(result(settling.ending(), by));
        }
      }
    }
  }

  /** What may be seen only for a moment, and already before the answer of the core arrives. */
  private void remember(GatewayView view) {
    String requestId = command.meta().requestId();
    view.directives()
        .switchover()
        .filter(seen -> seen.requestId().equals(requestId))
        .ifPresent(seen -> switchover = Optional.of(seen));
    compares |= view.accepted(requestId) && view.leading().filter(Goals::comparing).isPresent();
  }

  /** Ends with a result that is not judged, such as that of a dry run. */
  void end(Result result) {
    Progress progress = last.toBuilder().setResult(result).build();
    ended = Optional.of(progress);
    followers.forEach(
        follower -> follower.sink().done(withRepeated(progress, follower.repeated())));
    followers.clear();
  }

  void fail(StatusRuntimeException refusal) {
    followers.forEach(follower -> follower.sink().failed(refusal));
    followers.clear();
  }

  void flush() {
    followers.removeIf(follower -> follower.sink().gone());
    followers.forEach(follower -> follower.sink().flush());
  }

  private GatewayId gateway() {
    return command.meta().gateway();
  }

  private void show(Progress progress) {
    if (!progress.equals(last)) {
      last = progress;
      followers.forEach(follower -> follower.sink().progress(progress));
    }
  }

  private Progress.Builder describe(GatewayView view, NodeStatus status) {
    Progress.Builder progress = Progress.newBuilder().setGateway(gateway().value());
    Optional<LocatedCell> shown = view.leading().or(() -> view.cell(self));
    shown.ifPresent(located ->
        progress
            .setNode(located.node().value())
            .setPhase(ShownMessages.phase(located.cell().phase()))
            .setSince(WireTimes.timestamp(located.cell().phaseSince()))
            .setReason(ShownMessages.reason(reason(located, status))));
    return progress.setCodeRequested(status.codeRequested().getOrDefault(gateway(), false));
  }

  /** What the login itself says is closer to the matter than the cell's reason. */
  private Reason reason(LocatedCell located, NodeStatus status) {
    Optional<String> said = Optional.ofNullable(status.loginProgress().get(gateway()));
    boolean here = located.node().equals(self) && located.cell().phase() == Phase.LOGGING_IN;
    return said.filter(_ -> here)
        .map(sentence -> new Reason("LoginUnderWay", sentence))
        .orElse(located.cell().reason());
  }

  private Result result(Ending ending, Acceptance by) {
    Result.Builder result =
        Result.newBuilder()
            .setOutcome(ending.outcome())
            .setSentence(ending.sentence())
            .setEpoch(ending.epoch().number())
            .setRepeated(by.accepted().repeated());
    if (takesPhases()) {
      result.putAllPhaseMillis(by.times().millis());
    }
    ending.reconciliation().map(ShownMessages::reconciliation).ifPresent(result::setReconciliation);
    return result.build();
  }

  /** Whether the way to the goal leads through phases; beside any other wish they are a chance. */
  private boolean takesPhases() {
    return switch (command) {
      case Command.Login _, Command.Logout _, Command.Failover _, Command.Reconcile _ -> true;
      case Command.SetAutomation _,
          Command.HaltTrading _,
          Command.ResumeTrading _,
          Command.UnlockLogins _,
          Command.PlanDrill _,
          Command.StartDrill _,
          Command.AbortDrill _,
          Command.MeasureDrill _ ->
          false;
    };
  }

  private static Progress withRepeated(Progress progress, boolean repeated) {
    Result result = progress.getResult();
    return progress.toBuilder()
        .setResult(result.toBuilder().setRepeated(repeated || result.getRepeated()))
        .build();
  }
}
