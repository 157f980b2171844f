package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the real command line as an operator's shell would, each time as a new process.
 *
 * @param contexts the file with the contexts of the lab's cluster
 */
record CommandLine(Path program, Path contexts, Path javaHome) {
  static CommandLine of(Installation installation, Path contexts) {
    return new CommandLine(
        installation.commandLine(), contexts, Path.of(System.getProperty("java.home")));
  }

  /**
   * What came of a command.
   *
   * @param output standard output and standard error, as they appeared
   * @param wall from start to exit
   */
  record Ran(ImmutableList<String> arguments, int exitCode, String output, Duration wall) {
    String shown() {
      return "understudy " + String.join(" ", arguments.stream().map(CommandLine::quoted).toList());
    }
  }

  /** Runs it to its end; ended by force when that takes longer than the limit. */
  Ran run(Duration limit, String... arguments) {
    long start = System.nanoTime();
    Process process = spawn(List.of(arguments));
    // Read beside the wait: a full pipe would keep it from ending.
    StringBuilder output = new StringBuilder();
    Thread reader = Thread.ofVirtual().start(() -> drain(process, output));
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        reader.join();
        throw new LabException(
            "understudy "
                + String.join(" ", arguments)
                + " did not end within "
                + limit.toSeconds()
                + " s; it had said: "
                + output);
      }
      reader.join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException("Interrupted", e);
    }
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    return new Ran(ImmutableList.copyOf(arguments), process.exitValue(), output.toString(), wall);
  }

  /** The whole command, for a program that is to run beside the lab. */
  ImmutableList<String> command(String... arguments) {
    return command(List.of(arguments));
  }

  private ImmutableList<String> command(List<String> arguments) {
    return ImmutableList.<String>builder()
        .add("env", "UNDERSTUDY_CONFIG=" + contexts, "JAVA_HOME=" + javaHome, program.toString())
        .addAll(arguments)
        .build();
  }

  private Process spawn(List<String> arguments) {
    ProcessBuilder builder =
        new ProcessBuilder(command(arguments))
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LabException("Cannot start " + program + ": " + e.getMessage(), e);
    }
  }

  private static void drain(Process process, StringBuilder output) {
    try {
      output.append(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(String argument) {
    return argument.matches("[A-Za-z0-9_./:=,@+-]+") ? argument : "\"" + argument + "\"";
  }
}
