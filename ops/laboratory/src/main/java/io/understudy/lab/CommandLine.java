package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs the real command line as an operator's shell would, each time as a new process.
 *
 * @param prefix what a command begins with to run on the operator's machine; empty for this one
 * @param contexts the file with the contexts of the lab's cluster
 */
record CommandLine(ImmutableList<String> prefix, Path program, Path contexts, Path javaHome) {
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  static CommandLine of(Installation installation, Path contexts) {
    return new CommandLine(ImmutableList.of(), installation.commandLine(), contexts, JAVA_HOME);
  }

  /** What came of a command. */
  record Ran(ImmutableList<String> arguments, int exitCode, String output, Duration wall) {
    String shown() {
      return CommandLine.shown(arguments);
    }
  }

  /** Runs it to its end; ended by force when that takes longer than the limit. */
  Ran run(Duration limit, String... arguments) {
    ImmutableList<String> words = ImmutableList.copyOf(arguments);
    Finished finished = Finished.run(limit, shown(words), command(words));
    return new Ran(words, finished.exitCode(), finished.output(), finished.wall());
  }

  /** The whole command, for a program that is to run beside the lab. */
  ImmutableList<String> command(String... arguments) {
    return command(List.of(arguments));
  }

  private ImmutableList<String> command(List<String> arguments) {
    return ImmutableList.<String>builder()
        .addAll(prefix)
        .add("env", "UNDERSTUDY_CONFIG=" + contexts, "JAVA_HOME=" + javaHome, program.toString())
        .addAll(arguments)
        .build();
  }

  private static String shown(ImmutableList<String> arguments) {
    return "understudy " + String.join(" ", arguments.stream().map(CommandLine::quoted).toList());
  }

  private static String quoted(String argument) {
    return argument.matches("[A-Za-z0-9_./:=,@+-]+") ? argument : "\"" + argument + "\"";
  }
}
