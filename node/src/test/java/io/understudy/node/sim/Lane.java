package io.understudy.node.sim;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;

/** Tasks one at a time and in order, as on a lane of the loop. */
final class Lane {
  private final ArrayDeque<Consumer<Runnable>> waiting = new ArrayDeque<>();
  private boolean busy;
  private Optional<Runnable> cut = Optional.empty();

  /** Runs the task after those before it; it says when it has ended. */
  void run(Consumer<Runnable> task) {
    waiting.addLast(task);
    next();
  }

  private void next() {
    if (busy || waiting.isEmpty()) {
      return;
    }
    busy = true;
    waiting.removeFirst().accept(this::ended);
  }

  private void ended() {
    busy = false;
    cut = Optional.empty();
    next();
  }

  /** What ends the running task before its time. */
  void onCut(Runnable action) {
    cut = Optional.of(action);
  }

  /** Cuts short what runs, if it can be. */
  void cut() {
    Optional<Runnable> action = cut;
    cut = Optional.empty();
    action.ifPresent(Runnable::run);
  }
}
