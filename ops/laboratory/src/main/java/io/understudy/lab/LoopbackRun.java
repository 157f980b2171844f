package io.understudy.lab;

import java.io.PrintStream;
import java.util.function.BiConsumer;

/**
 * A program of the lab on loopback: what it starts and writes is gone at its end, but for the logs
 * of a failure.
 */
final class LoopbackRun {
  private static final int FAILED = 1;

  private LoopbackRun() {}

  /** The exit status; a failure is told unless somebody has interrupted the program. */
  static int of(PrintStream out, BiConsumer<LabProcesses, LabDirectory> program) {
    try (LabDirectory directory = LabDirectory.create();
        LabProcesses processes = new LabProcesses(directory::close)) {
      try {
        program.accept(processes, directory);
        return 0;
      } catch (LabException e) {
        if (!processes.interrupted()) {
          directory.keep();
          out.println();
          out.println("FAILED: " + e.getMessage());
          out.println("The logs are in " + directory.path());
        }
        return FAILED;
      }
    }
  }
}
