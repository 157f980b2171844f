package io.understudy.lab;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** Tells the story on the terminal: what happens, the commands as typed, and what they printed. */
final class Narrator {
  private final PrintStream out;
  private int chapter;

  Narrator(PrintStream out) {
    this.out = out;
  }

  /** For programs that only need what the story does. */
  static Narrator silent() {
    return new Narrator(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
  }

  void chapter(String title) {
    chapter++;
    out.println();
    out.println("== " + chapter + ". " + title);
  }

  void say(String sentence) {
    out.println("   " + sentence);
  }

  /** A command that the story itself carries out. */
  void typed(String command) {
    out.println("$ " + command);
  }

  void command(CommandLine.Ran ran) {
    out.println("$ " + ran.shown());
    ran.output().lines().forEach(line -> out.println("  " + line));
    if (ran.exitCode() != 0) {
      out.println("  [exit status " + ran.exitCode() + "]");
    }
    out.flush();
  }

  /** For people: {@code 6.31 s}. */
  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
  }
}
