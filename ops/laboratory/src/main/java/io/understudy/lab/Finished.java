package io.understudy.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that ran to its end.
 *
 * @param output standard output and standard error, as they appeared
 * @param wall from start to exit
 */
record Finished(int exitCode, String output, Duration wall) {
  /**
   * Runs it to its end, without standard input.
   *
   * @param shown how a message names it
   * @throws LabException when it cannot be started, or takes longer than the limit; it is ended by
   *     force then
   */
  static Finished run(Duration limit, String shown, List<String> command) {
    long start = System.nanoTime();
    Process process = spawn(shown, command);
    // Read beside the wait: a full pipe would keep it from ending.
    StringBuilder output = new StringBuilder();
    Thread reader = Thread.ofVirtual().start(() -> drain(process, output));
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        reader.join();
        throw new LabException(
            shown + " did not end within " + limit.toSeconds() + " s; it had said: " + output);
      }
      reader.join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted", e);
    }
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    return new Finished(process.exitValue(), output.toString(), wall);
  }

  private static Process spawn(String shown, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LabException("Cannot start " + shown + ": " + e.getMessage(), e);
    }
  }

  private static void drain(Process process, StringBuilder output) {
    try {
      output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
