package io.understudy.node.testing;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.drill.Drill;
import io.understudy.node.core.failover.Command;
import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.failover.CommandAnswer.Accepted;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Secret;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A loop that does what the test says: publishes the statuses it is given, and answers commands by
 * a function. Any thread.
 */
public final class FakeNodeControl implements NodeControl {
  private final List<Consumer<NodeStatus>> listeners = new CopyOnWriteArrayList<>();
  private final List<Command> submitted = new CopyOnWriteArrayList<>();
  private final List<String> codes = new CopyOnWriteArrayList<>();
  private final List<String> relinquished = new CopyOnWriteArrayList<>();
  private volatile NodeStatus status;
  private volatile boolean codeAwaited;
  private volatile ImmutableList<HistoryEntry> history = ImmutableList.of();
  private volatile ImmutableList<Drill> pastDrills = ImmutableList.of();
  private volatile Optional<DriverException> historyError = Optional.empty();
  private volatile Function<Command, CompletableFuture<CommandAnswer>> answers =
      command ->
          CompletableFuture.completedFuture(
              new Accepted(command, command.meta().expectedEpoch(), false, "Accepted"));
  private volatile BiFunction<GatewayId, Epoch, CompletableFuture<Epoch>> relinquishes =
      (_, _) -> CompletableFuture.completedFuture(Epoch.NONE);

  public FakeNodeControl(NodeStatus status) {
    this.status = status;
  }

  /** As the loop does after a pass. */
  public void publish(NodeStatus next) {
    status = next;
    listeners.forEach(listener -> listener.accept(next));
  }

  public void answer(Function<Command, CompletableFuture<CommandAnswer>> function) {
    answers = function;
  }

  public void answerWith(CommandAnswer answer) {
    answers = _ -> CompletableFuture.completedFuture(answer);
  }

  public void acceptUnder(long epoch) {
    answers =
        command ->
            CompletableFuture.completedFuture(
                new Accepted(command, new Epoch(epoch), false, "The wish is kept"));
  }

  public void relinquishWith(BiFunction<GatewayId, Epoch, CompletableFuture<Epoch>> function) {
    relinquishes = function;
  }

  public void awaitCode(boolean awaited) {
    codeAwaited = awaited;
  }

  public void history(ImmutableList<HistoryEntry> newestFirst) {
    history = newestFirst;
  }

  public void pastDrills(ImmutableList<Drill> newestFirst) {
    pastDrills = newestFirst;
  }

  public void failHistory(DriverException error) {
    historyError = Optional.of(error);
  }

  public ImmutableList<Command> submitted() {
    return ImmutableList.copyOf(submitted);
  }

  public ImmutableList<String> codes() {
    return ImmutableList.copyOf(codes);
  }

  /** As {@code from gateway epoch}. */
  public ImmutableList<String> relinquished() {
    return ImmutableList.copyOf(relinquished);
  }

  public int listeners() {
    return listeners.size();
  }

  @Override
  public NodeStatus status() {
    return status;
  }

  @Override
  public Subscription subscribe(Consumer<NodeStatus> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public CompletableFuture<CommandAnswer> submit(Command command) {
    submitted.add(command);
    return answers.apply(command);
  }

  @Override
  public boolean provideCode(GatewayId gateway, Secret code) {
    if (codeAwaited) {
      codes.add(code.reveal());
    }
    return codeAwaited;
  }

  @Override
  public CompletableFuture<Epoch> relinquish(NodeId from, GatewayId gateway, Epoch epoch) {
    relinquished.add(from + " " + gateway + " " + epoch);
    return relinquishes.apply(gateway, epoch);
  }

  @Override
  public ImmutableList<HistoryEntry> history(GatewayId gateway, int limit) throws DriverException {
    if (historyError.isPresent()) {
      throw historyError.get();
    }
    return history.subList(0, Math.min(limit, history.size()));
  }

  @Override
  public ImmutableList<Drill> pastDrills(GatewayId gateway, int limit) throws DriverException {
    if (historyError.isPresent()) {
      throw historyError.get();
    }
    return pastDrills.subList(0, Math.min(limit, pastDrills.size()));
  }
}
