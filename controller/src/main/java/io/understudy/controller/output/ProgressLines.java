package io.understudy.controller.output;

import io.understudy.controller.text.Spans;
import io.understudy.v1.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How an operation goes, on standard error: on a screen a line that is redrawn with the time that
 * the phase has taken so far, in a pipe a plain line for each change, for programs the messages as
 * JSON lines.
 */
public final class ProgressLines {
  private static final String ERASE_LINE = "\r\u001b[K";
  private static final String SPINNER = "|/-\\";

  private final PrintStream stream;
  private final Mode mode;
  private final Optional<Integer> columns;
  private final LongSupplier nanos;

  private @Nullable Progress shown;
  private long shownSince;
  private int turn;

  /** How the lines are shown. */
  public enum Mode {
    LIVE,
    PLAIN,
    JSON
  }

  /**
   * @param columns the width of the screen: a line that wraps could not be redrawn
   */
  public ProgressLines(
      PrintStream stream, Mode mode, Optional<Integer> columns, LongSupplier nanos) {
    this.stream = stream;
    this.mode = mode;
    this.columns = columns;
    this.nanos = nanos;
  }

  public void show(Progress progress) {
    if (mode == Mode.JSON) {
      stream.println(DocumentPrinter.line(progress.toBuilder().clearResult().build()));
      return;
    }
    if (progress.hasResult() && progress.getReason().getSentence().isEmpty()) {
      finish();
      return;
    }
    boolean same = shown != null && text(shown).equals(text(progress));
    if (same) {
      return;
    }
    finish();
    shown = progress;
    shownSince = nanos.getAsLong();
    if (mode == Mode.PLAIN) {
      stream.println(text(progress));
    } else {
      redraw();
    }
  }

  /** Shows the passing time on a screen. */
  public void redraw() {
    if (mode == Mode.LIVE && shown != null) {
      turn = (turn + 1) % SPINNER.length();
      String line = SPINNER.charAt(turn) + " " + text(shown) + taken();
      int width = columns.orElse(Integer.MAX_VALUE);
      stream.print(ERASE_LINE + (line.length() < width ? line : line.substring(0, width - 1)));
      stream.flush();
    }
  }

  /** Lets the line of the current phase stand as it is. */
  public void finish() {
    if (mode == Mode.LIVE && shown != null) {
      stream.println(ERASE_LINE + "  " + text(shown) + taken());
    }
    shown = null;
  }

  private String taken() {
    return "  " + Spans.text(Duration.ofNanos(nanos.getAsLong() - shownSince));
  }

  private static String text(Progress progress) {
    return progress.getGateway()
        + ": "
        + PhaseWords.name(progress.getPhase())
        + (progress.getNode().isEmpty() ? "" : " on " + progress.getNode())
        + (progress.hasPercent() ? " " + progress.getPercent() + " %" : "")
        + (progress.getReason().getSentence().isEmpty()
            ? ""
            : ", " + progress.getReason().getSentence());
  }
}
