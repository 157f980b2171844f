package io.understudy.lab;

import java.time.Duration;

/**
 * Does for one daemon what systemd would do with {@code KillMode=control-group} and {@code
 * Restart=always}: when it ends, whatever it had started is killed at once, the undertaker runs
 * ({@code ExecStopPost}), then it is started again. A session of processes stands for the control
 * group: the daemon leads one of its own. Owns one thread; closing ends it and leaves the daemon as
 * it is.
 */
final class Supervisor implements AutoCloseable {
  private static final Duration RESTART_PAUSE = Duration.ofSeconds(1);
  private static final Duration LOOK_PAUSE = Duration.ofMillis(10);

  private final LabNode node;
  private final Thread thread;
  private volatile boolean powered = true;
  private volatile boolean closed;

  private Supervisor(LabNode node) {
    this.node = node;
    this.thread =
        Thread.ofPlatform().daemon().name("supervisor-" + node.id()).unstarted(this::watch);
  }

  static Supervisor start(LabNode node) {
    Supervisor supervisor = new Supervisor(node);
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

  private void watch() {
    while (!closed) {
      LabProcess daemon = node.daemon();
      if (!daemon.isAlive() && powered) {
        Sessions.kill(daemon.pid());
        var _ = node.bury();
        Waiting.pause(RESTART_PAUSE);
        if (powered && !closed) {
          node.restart();
        }
      }
      Waiting.pause(LOOK_PAUSE);
    }
  }
}
