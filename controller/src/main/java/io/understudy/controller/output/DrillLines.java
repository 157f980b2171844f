package io.understudy.controller.output;

import io.understudy.controller.drill.DrillWords;
import io.understudy.v1.Cell;
import io.understudy.v1.Drill;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * How a drill goes, on standard error: a line for each change with the time since it began, for
 * programs the drill as a JSON line. Falls silent when somebody else needs the screen.
 */
public final class DrillLines {
  private static final int WHO_WIDTH = 12;

  private final Canvas canvas;
  private final boolean json;
  private final Supplier<Duration> elapsed;
  private final Map<String, String> shown = new HashMap<>();
  private final AtomicBoolean silent = new AtomicBoolean();

  public DrillLines(Canvas canvas, boolean json, Supplier<Duration> elapsed) {
    this.canvas = canvas;
    this.json = json;
    this.elapsed = elapsed;
  }

  /** From now on nothing is shown. Any thread. */
  public void fallSilent() {
    silent.set(true);
  }

  public void drill(Drill drill) {
    String line = DrillWords.stage(drill.getStage()) + "  " + drill.getSentence();
    if (!changed("drill", line) || silent.get()) {
      return;
    }
    if (json) {
      canvas.stream().println(DocumentPrinter.line(drill));
    } else {
      show(
          "drill",
          canvas.paint(DrillTables.style(drill.getStage()), DrillWords.stage(drill.getStage()))
              + ", "
              + DrillWords.sentence(drill));
    }
  }

  /** What a node does with the gateway; a standby's countdown is no change. */
  public void cell(Cell cell) {
    String phase = PhaseWords.name(cell.getPhase());
    if (changed(cell.getNode(), phase + " " + cell.getEpoch())) {
      say("node " + cell.getNode(), phase + ", " + cell.getWhy().getSentence());
    }
  }

  /** A line of its own. */
  public void say(String who, String what) {
    if (!json && !silent.get()) {
      show(who, what);
    }
  }

  /** The same, unless it is the latest of whom it is about. */
  public void sayOnce(String who, String what) {
    if (changed(who, what)) {
      say(who, what);
    }
  }

  private void show(String who, String what) {
    canvas.stream()
        .println(
            String.format(Locale.ROOT, "%7.1f s", elapsed.get().toMillis() / 1000.0)
                + "  "
                + who
                + " ".repeat(Math.max(1, WHO_WIDTH - who.length()))
                + what);
    canvas.stream().flush();
  }

  private boolean changed(String who, String what) {
    return !what.equals(shown.put(who, what));
  }
}
