package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One program that the lab started: known by its pid, with a log file, without standard input. Ends
 * only processes that it started itself or that those started. Made by {@link LabProcesses}.
 * Thread-safe.
 */
final class LabProcess {
  /** What a shell says of a process that SIGKILL has ended. */
  private static final int KILLED = 137;

  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
  private static final int LAST_LINES = 5;

  private final String name;
  private final Path log;
  private final Process process;
  // Children outlive a killed parent and can then no longer be found through it: they are
  // remembered whenever it is looked at.
  private final Set<ProcessHandle> children = new LinkedHashSet<>();

  /**
   * How a stop went.
   *
   * @param exitCode 128 plus the signal when a signal ended it
   * @param killed true when it had not gone by itself within the limit
   * @param leftBehind children that it had left running, ended now
   */
  record Stopped(int exitCode, boolean killed, ImmutableList<Long> leftBehind) {}

  private LabProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  static LabProcess start(String name, List<String> command, Path log) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return new LabProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new LabException("Cannot start " + name + ": " + e.getMessage(), e);
    }
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  Path log() {
    return log;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits until it is ready; it must not end before. */
  void awaitReady(Duration limit, BooleanSupplier ready) {
    boolean done = Waiting.until(limit, () -> !process.isAlive() || ready.getAsBoolean());
    if (!process.isAlive()) {
      throw new LabException(
          name
              + " ended with status "
              + process.exitValue()
              + " instead of getting ready"
              + last());
    }
    if (!done) {
      throw new LabException(name + " is not ready after " + limit.toSeconds() + " s" + last());
    }
  }

  /** Its exit status, when it ends within the limit. */
  int awaitExit(Duration limit) {
    if (!ends(limit)) {
      throw new LabException(name + " still runs after " + limit.toSeconds() + " s" + last());
    }
    return process.exitValue();
  }

  /** Asks it to end (SIGTERM), after the limit kills it, and ends whatever it left behind. */
  Stopped stop(Duration limit) {
    rememberChildren();
    process.destroy();
    boolean inTime = ends(limit);
    if (!inTime) {
      rememberChildren();
      destroyForcibly(process.toHandle());
    }
    // One that was killed may be a zombie still, without an exit status.
    int status = ends(KILL_LIMIT) ? process.exitValue() : KILLED;
    return new Stopped(status, !inTime, killChildren());
  }

  /** SIGTERM without waiting. */
  void askToStop() {
    rememberChildren();
    process.destroy();
  }

  /** SIGKILL to it, then to its children: nothing of it can act any more when this returns. */
  void kill() {
    rememberChildren();
    destroyForcibly(process.toHandle());
    var _ = killChildren();
  }

  /** SIGKILL to it alone; what it started lives on. */
  void killAlone() {
    rememberChildren();
    destroyForcibly(process.toHandle());
  }

  /** The processes that it started, and those that they started, as far as they are alive. */
  ImmutableList<ProcessHandle> children() {
    rememberChildren();
    synchronized (children) {
      return children.stream()
          .filter(ProcessHandle::isAlive)
          .collect(ImmutableList.toImmutableList());
    }
  }

  /** Resident memory in kilobytes, as the kernel counts it. */
  long residentKilobytes() {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("[^0-9]", ""))
          .mapToLong(Long::parseLong)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + status, e);
    }
  }

  /** Whether its log holds that text by now. */
  boolean said(String text) {
    try {
      return Files.readString(log).contains(text);
    } catch (IOException _) {
      return false;
    }
  }

  /** The last lines of its log and where it is, as the end of a sentence. */
  String last() {
    try {
      List<String> lines = Files.readAllLines(log);
      String tail =
          String.join(
              "\n    ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
      return "; its log " + log + (tail.isBlank() ? " is empty" : " ends with\n    " + tail);
    } catch (IOException _) {
      return "; it has no log";
    }
  }

  private void rememberChildren() {
    synchronized (children) {
      children.removeIf(child -> !acts(child));
      process.descendants().forEach(children::add);
    }
  }

  private ImmutableList<Long> killChildren() {
    ImmutableList<ProcessHandle> alive = children();
    alive.forEach(LabProcess::destroyForcibly);
    return alive.stream().map(ProcessHandle::pid).collect(ImmutableList.toImmutableList());
  }

  private boolean ends(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted while waiting for the end of " + name, e);
    }
  }

  private static void destroyForcibly(ProcessHandle handle) {
    var _ = handle.destroyForcibly();
    if (!Waiting.until(KILL_LIMIT, () -> !acts(handle))) {
      throw new LabException("Process " + handle.pid() + " does not end although it was killed");
    }
  }

  /**
   * False once the process is gone, or is a zombie: it has ended and only waits for its new parent
   * to take note, which in a container can last seconds.
   */
  static boolean acts(ProcessHandle handle) {
    if (!handle.isAlive()) {
      return false;
    }
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
      // PID (NAME) STATE …; the name may hold anything, also brackets.
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException _) {
      return handle.isAlive();
    }
  }
}
