package io.understudy.lab;

import java.io.PrintStream;
import java.time.Duration;

/** Figures beside their goals, printed row by row as they are taken. */
record FigureTable(PrintStream out) {
  void head() {
    row("figure", "measured", "goal");
  }

  void row(String figure, Duration measured, String goal) {
    row(figure, millis(measured), goal);
  }

  void row(String figure, Duration measured, Duration goal) {
    row(figure, millis(measured), millis(goal));
  }

  void row(String figure, String measured, String goal) {
    out.printf("%-48s %10s %10s%n", figure, measured, goal);
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
