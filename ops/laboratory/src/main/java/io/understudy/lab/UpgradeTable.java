package io.understudy.lab;

import com.google.common.base.Strings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Takes the steps of an upgrade: a line on the terminal for each, and a table in a file. */
final class UpgradeTable {
  private final PrintStream out;
  private final Path file;
  private final StringBuilder table;

  UpgradeTable(PrintStream out, Path file, String title) {
    this.out = out;
    this.file = file;
    this.table =
        new StringBuilder(title)
            .append("\n\n| step | shows | result | took | measured |\n|---|---|---|---|---|\n");
  }

  Path file() {
    return file;
  }

  /**
   * Takes one step; what fails is told too, and ends the run.
   *
   * @param step does it, and says what is worth knowing
   */
  void tell(String name, String shows, Supplier<String> step) {
    long start = System.nanoTime();
    try {
      write(name, shows, "passed", start, step.get());
    } catch (LabException e) {
      write(name, shows, "FAILED", start, Strings.nullToEmpty(e.getMessage()));
      throw e;
    }
  }

  private void write(String name, String shows, String result, long start, String note) {
    double took = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0;
    String first = note.lines().findFirst().orElse("");
    out.printf(Locale.ROOT, "%s  %-22s %6.1f s  %s%n", result, name, took, first);
    out.flush();
    table.append(
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %.1f s | %s |%n",
            name,
            shows,
            result,
            took,
            first.replace("|", "\\|")));
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, table);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + file, e);
    }
  }
}
