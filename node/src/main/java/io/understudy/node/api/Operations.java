package io.understudy.node.api;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.CommandAnswer.Accepted;
import io.understudy.node.core.failover.CommandAnswer.Checked;
import io.understudy.node.core.failover.CommandAnswer.Rejected;
import io.understudy.node.core.failover.CommandAnswer.WouldDo;
import io.understudy.node.core.failover.Rejection;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.v1.Result;
import io.understudy.v1.Result.Outcome;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All operations that callers follow, and the results of the last ones by request id, so that a
 * repeated id gets the first result again. Lives on the API lane, except {@link #start}. Nothing of
 * it survives a crash; that a request was accepted does, in coordination, and then the core says
 * that it is a repeated one.
 */
final class Operations {
  private static final Logger LOG = LoggerFactory.getLogger(Operations.class);
  static final int REMEMBERED_MAX = 1_000;

  private final NodeControl control;
  private final ApiLane lane;
  private final Supplier<MonotonicTime> clock;
  private final Duration timeout;

  /** By request id, oldest first. */
  private final Map<String, Operation> operations = new LinkedHashMap<>();

  Operations(NodeControl control, ApiLane lane, Supplier<MonotonicTime> clock, Duration timeout) {
    this.control = control;
    this.lane = lane;
    this.clock = clock;
    this.timeout = timeout;
  }

  /** Any thread: submits the command and lets the sink follow it. */
  void start(Command command, ProgressSink sink) {
    NodeStatus before = control.status();
    lane.execute(() -> {
      try {
        begin(command, before, sink);
      } catch (RuntimeException e) {
        sink.failed(BugInterceptor.report(command.getClass().getSimpleName(), e));
      }
    });
  }

  private void begin(Command command, NodeStatus before, ProgressSink sink) {
    String requestId = command.meta().requestId();
    Operation former = command.meta().dryRun() ? null : operations.get(requestId);
    if (former != null) {
      repeat(former, command, sink);
      return;
    }
    if (!makeRoom()) {
      sink.failed(
          Refusals.status(
              new Rejection.OperationInProgress(
                  "Too many operations run on this node: wait until some have ended")));
      return;
    }
    Operation operation = new Operation(command, before, clock.get());
    operation.follow(sink, /* repeated= */ false);
    if (!command.meta().dryRun()) {
      operations.put(requestId, operation);
    }
    var _ =
        control
            .submit(command)
            .whenComplete(
                (answer, error) -> lane.execute(() -> answered(operation, answer, error)));
  }

  private static void repeat(Operation former, Command command, ProgressSink sink) {
    if (bare(former.command()).equals(bare(command))) {
      former.follow(sink, /* repeated= */ true);
    } else {
      sink.failed(
          Refusals.status(
              new Rejection.InvalidField(
                  "request_id",
                  "request_id: used before for another command (expected: a new id per wish)")));
    }
  }

  private void answered(
      Operation operation, @Nullable CommandAnswer answer, @Nullable Throwable error) {
    if (operation.over()) {
      return;
    }
    if (answer == null) {
      LOG.warn("Failed to hear the loop's answer to a command", error);
      forget(operation);
      operation.fail(Refusals.status(unknown("the node stopped before it answered")));
      return;
    }
    switch (answer) {
      case Accepted accepted -> {
        NodeStatus status = control.status();
        operation.accept(accepted, status);
        operation.observe(status, clock.get());
      }
      case WouldDo(String sentence) ->
          operation.end(
              Result.newBuilder()
                  .setOutcome(Outcome.OUTCOME_DRY_RUN)
                  .setSentence(sentence)
                  .build());
      case Checked(_, ImmutableList<String> steps) ->
          operation.end(
              Result.newBuilder()
                  .setOutcome(Outcome.OUTCOME_DRY_RUN)
                  .setSentence(String.join("; ", steps))
                  .build());
      case Rejected(Rejection rejection) -> {
        // Nothing was changed, so the same id may be tried again.
        forget(operation);
        operation.fail(Refusals.status(rejection));
      }
    }
  }

  void observe(NodeStatus status) {
    MonotonicTime now = clock.get();
    operations.values().forEach(operation -> operation.observe(status, now));
  }

  /** Now and then: ends what takes too long, and serves slow callers. */
  void tick() {
    MonotonicTime now = clock.get();
    for (Operation operation : ImmutableList.copyOf(operations.values())) {
      operation.flush();
      if (!operation.over() && now.since(operation.startedAt()).compareTo(timeout) >= 0) {
        forget(operation);
        operation.fail(
            Refusals.status(
                unknown(
                    operation.accepted()
                        ? "the wish is kept and its goal was not reached within "
                            + timeout.toSeconds()
                            + " s"
                        : "the node did not answer in time")));
      }
    }
  }

  /** Tells every caller that the node stops. */
  void close() {
    operations.values().stream()
        .filter(operation -> !operation.over())
        .forEach(operation ->
            operation.fail(Refusals.status(unknown("the node that follows it stops"))));
    operations.clear();
  }

  private static Rejection unknown(String why) {
    return new Rejection.OutcomeUnknown(
        "The outcome is not known: " + why + "; look at the status");
  }

  private void forget(Operation operation) {
    operations.remove(operation.command().meta().requestId(), operation);
  }

  /** Drops the oldest that is over when there are too many; false when all run. */
  private boolean makeRoom() {
    Iterator<Operation> oldestFirst = operations.values().iterator();
    while (operations.size() >= REMEMBERED_MAX && oldestFirst.hasNext()) {
      if (oldestFirst.next().over()) {
        oldestFirst.remove();
      }
    }
    return operations.size() < REMEMBERED_MAX;
  }

  /** The wish itself, without who asked, when and why. */
  private static Command bare(Command command) {
    Command.Meta meta =
        new Command.Meta(
            command.meta().gateway(), command.meta().requestId(), Epoch.NONE, "", "", false);
    return switch (command) {
      case Command.Login _ -> new Command.Login(meta);
      case Command.Logout _ -> new Command.Logout(meta);
      case Command.Failover failover ->
          new Command.Failover(meta, failover.target(), failover.force());
      case Command.Reconcile reconcile -> new Command.Reconcile(meta, reconcile.accept());
      case Command.SetAutomation automation -> new Command.SetAutomation(meta, automation.paused());
      case Command.HaltTrading _ -> new Command.HaltTrading(meta);
      case Command.ResumeTrading _ -> new Command.ResumeTrading(meta);
      case Command.UnlockLogins _ -> new Command.UnlockLogins(meta);
      case Command.PlanDrill plan -> new Command.PlanDrill(meta, plan.plan(), ImmutableList.of());
      case Command.StartDrill start ->
          new Command.StartDrill(meta, start.plan(), ImmutableList.of());
      case Command.AbortDrill abort -> new Command.AbortDrill(meta, abort.drill());
      case Command.MeasureDrill measure ->
          new Command.MeasureDrill(meta, measure.drill(), measure.measurement());
    };
  }
}
