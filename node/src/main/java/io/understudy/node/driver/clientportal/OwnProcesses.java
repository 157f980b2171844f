package io.understudy.node.driver.clientportal;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds and ends gateway and browser processes that we started, in this life or a former one.
 *
 * <p>A process is ours when its command line carries the marker with our directory, or when the pid
 * file names its pid and its start time and its command line cannot be read. Nothing else is ever
 * signalled: pids are used again.
 */
final class OwnProcesses {
  private static final String MARKER = "-Dunderstudy.gateway=";
  private static final String BROWSER_MARKER = "--understudy-gateway=";

  private OwnProcesses() {}

  /** An argument by which a process is recognised, also when the pid file was never written. */
  static String marker(Path base) {
    return MARKER + base;
  }

  /** The same for the browser, whose programs ignore arguments that they do not know. */
  static String browserMarker(Path base) {
    return BROWSER_MARKER + base;
  }

  /** Writes pid and start time of the process. */
  static void record(ProcessHandle process, Path pidFile) throws IOException {
    long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    PrivateFiles.write(pidFile, process.pid() + " " + started + "\n");
  }

  /** All running processes of that directory. */
  static ImmutableList<ProcessHandle> find(Path base, Path pidFile) {
    Optional<ProcessHandle> recorded = recorded(pidFile);
    ImmutableSet<String> markers = ImmutableSet.of(marker(base), browserMarker(base));
    ImmutableList.Builder<ProcessHandle> found = ImmutableList.builder();
    ProcessHandle.allProcesses()
        .filter(process -> isOurs(process, markers, recorded))
        .forEach(found::add);
    return found.build();
  }

  /** SIGTERM, and after the grace SIGKILL; true when the process is gone before the deadline. */
  static boolean end(ProcessHandle process, Duration grace, Countdown deadline) {
    if (!process.isAlive()) {
      return true;
    }
    CompletableFuture<ProcessHandle> exit = process.onExit();
    var _ = process.destroy();
    Duration patience = deadline.left().multipliedBy(2).dividedBy(3);
    // However short the time: some of it is left for the kill.
    if (!isOver(exit, patience.compareTo(grace) < 0 ? patience : grace)) {
      var _ = process.destroyForcibly();
    }
    return isOver(exit, deadline.left());
  }

  private static boolean isOurs(
      ProcessHandle process, ImmutableSet<String> markers, Optional<ProcessHandle> recorded) {
    Optional<String[]> arguments = process.info().arguments();
    if (arguments.isPresent()) {
      return Arrays.stream(arguments.get()).anyMatch(markers::contains);
    }
    return process.info().commandLine().isEmpty() && recorded.filter(process::equals).isPresent();
  }

  private static Optional<ProcessHandle> recorded(Path pidFile) {
    try {
      List<String> words = Splitter.on(' ').splitToList(Files.readString(pidFile).strip());
      long started = Long.parseLong(words.getLast());
      return ProcessHandle.of(Long.parseLong(words.getFirst()))
          .filter(process ->
              process
                  .info()
                  .startInstant()
                  .filter(instant -> instant.toEpochMilli() == started)
                  .isPresent());
    } catch (IOException | NumberFormatException _) {
      // No pid file, or not one of ours: then only the marker tells.
      return Optional.empty();
    }
  }

  private static boolean isOver(CompletableFuture<ProcessHandle> exit, Duration wait) {
    try {
      var _ = exit.get(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return exit.isDone();
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for an exit cannot fail", e);
    }
  }
}
