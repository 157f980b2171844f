package io.understudy.node.loop;

import io.understudy.node.core.failover.CommandAnswer;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.spi.DriverException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Calls from outside that wait for the core's answer. Any thread. */
final class Calls {
  private final AtomicLong next = new AtomicLong();
  private final Map<Long, CompletableFuture<CommandAnswer>> commands = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<Epoch>> relinquishments = new ConcurrentHashMap<>();

  /** A number for a call, never used twice in a life. */
  long number() {
    return next.incrementAndGet();
  }

  CompletableFuture<CommandAnswer> command(long call) {
    return commands.computeIfAbsent(call, _ -> new CompletableFuture<>());
  }

  CompletableFuture<Epoch> relinquishment(long call) {
    CompletableFuture<Epoch> waiting = new CompletableFuture<>();
    relinquishments.put(call, waiting);
    // The caller may give up before there is an answer.
    var _ = waiting.whenComplete((_, _) -> relinquishments.remove(call));
    return waiting;
  }

  void answer(long call, CommandAnswer answer) {
    CompletableFuture<CommandAnswer> waiting = commands.remove(call);
    if (waiting != null) {
      waiting.complete(answer);
    }
  }

  void answerRelinquish(long call, Epoch formerEpoch, Optional<String> refusal) {
    CompletableFuture<Epoch> waiting = relinquishments.remove(call);
    if (waiting == null) {
      return;
    }
    if (refusal.isPresent()) {
      waiting.completeExceptionally(DriverException.permanentError(refusal.orElseThrow()));
    } else {
      waiting.complete(formerEpoch);
    }
  }

  /** The loop has ended: nobody will answer any more. */
  void end() {
    IllegalStateException ended = new IllegalStateException("the daemon is stopping");
    commands.values().forEach(waiting -> waiting.completeExceptionally(ended));
    relinquishments.values().forEach(waiting -> waiting.completeExceptionally(ended));
  }
}
