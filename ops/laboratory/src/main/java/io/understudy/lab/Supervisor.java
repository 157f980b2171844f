package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Does for one daemon what systemd would do with {@code KillMode=control-group} and {@code
 * Restart=always}: when it ends, whatever it had started is killed at once, the undertaker runs
 * ({@code ExecStopPost}), then it is started again. Owns one thread; closing ends it and leaves the
 * daemon as it is.
 */
final class Supervisor implements AutoCloseable {
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(10);

  private final LabNode node;
  private final Supplier<ImmutableList<Long>> group;
  private final Thread thread;
  private volatile boolean powered = true;
  private volatile boolean closed;

  private Supervisor(LabNode node, Supplier<ImmutableList<Long>> group) {
    this.node = node;
    this.group = group;
    this.thread =
        Thread.ofPlatform().daemon().name("supervisor-" + node.id()).unstarted(this::watch);
  }

  /** The group: every living process that the daemon, or one of them, has started, and itself. */
  static Supervisor start(LabNode node, Supplier<ImmutableList<Long>> group) {
    Supervisor supervisor = new Supervisor(node, group);
    supervisor.thread.start();
    return supervisor;
  }

  /** The host has lost its power: nobody starts anything there. */
  void powerOff() {
    powered = false;
  }

  void powerOn() {
    powered = true;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted", e);
    }
  }

  /** An undertaker that does not end is no reason to leave the node without its daemon. */
  private void bury() {
    try {
      var _ = node.bury();
    } catch (LabException e) {
      System.err.println(e.getMessage());
    }
  }

  private void watch() {
    while (!closed) {
      LabProcess daemon = node.daemon();
      if (!daemon.isAlive() && powered) {
        Signals.killAll(group);
        bury();
        Waiting.pause(RESTART_PAUSE);
        if (powered && !closed) {
          node.restart();
        }
      }
      Waiting.pause(LOOK_PAUSE);
    }
  }
}
