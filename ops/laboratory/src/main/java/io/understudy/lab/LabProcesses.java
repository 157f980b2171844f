package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All programs that the lab has started. Whatever ends the lab, its own end, an exception, Ctrl-C
 * or SIGTERM, ends them too: {@link #close} stops them, and a shutdown hook calls it. Thread-safe.
 */
final class LabProcesses implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

  private final List<LabProcess> started = new ArrayList<>();
  private final Thread hook;
  private volatile boolean interrupted;
  private boolean ended;

  LabProcesses() {
    this(() -> {});
  }

  /** With something to do after the processes when the JVM is interrupted. */
  LabProcesses(Runnable whenInterrupted) {
    hook =
        new Thread(
            () -> {
              interrupted = true;
              end();
              whenInterrupted.run();
            },
            "lab-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** True once the JVM is going down: whatever fails now fails because of that. */
  boolean interrupted() {
    return interrupted;
  }

  synchronized LabProcess start(String name, List<String> command, Path log) {
    if (ended) {
      throw new LabException("The lab is being stopped, " + name + " is not started");
    }
    LabProcess process = LabProcess.start(name, command, log);
    started.add(process);
    return process;
  }

  /** The same on a machine of the lab. */
  LabProcess start(String name, Host host, ImmutableList<String> command, Path log) {
    return start(name, host.command(command), log);
  }

  /** The pids of those that it started and that are alive. */
  synchronized ImmutableSet<Long> pids() {
    return started.stream()
        .filter(LabProcess::isAlive)
        .map(LabProcess::pid)
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Stops all at once, the latest first: SIGTERM, and SIGKILL for what has not gone in time. */
  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM is going down already: the hook has run or finds nothing to do.
    }
  }

  private synchronized void end() {
    ended = true;
    List<LabProcess> alive = started.reversed().stream().filter(LabProcess::isAlive).toList();
    alive.forEach(LabProcess::askToStop);
    long end = System.nanoTime() + STOP_LIMIT.toNanos();
    for (LabProcess process : started.reversed()) {
      Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
      var _ = process.stop(left);
    }
    started.clear();
  }
}
