package io.understudy.node.sim;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;

/** What many runs add up to. Threads add; one reads at the end. */
final class Figures {
  private final Coverage coverage = new Coverage();
  private final Tally checks = new Tally();
  private long seeds;
  private long nanos;
  private long events;
  private long passes;
  private long submissions;
  private long transitions;
  private long excused;

  synchronized void add(Simulation.Run run, Coverage taken, Tally looked) {
    coverage.add(taken);
    seeds++;
    nanos += run.nanos();
    events += run.events();
    passes += run.passes();
    submissions += run.submissions();
    transitions += run.transitions();
    excused += run.excused();
    checks.add(looked);
  }

  synchronized long seeds() {
    return seeds;
  }

  synchronized Coverage coverage() {
    return coverage;
  }

  synchronized String text(double realSeconds, int threads) {
    double hours = nanos / 3.6e12;
    StringBuilder text = new StringBuilder();
    line(text, "seeds", "%,d, %.1f per second on %d threads", seeds, seeds / realSeconds, threads);
    line(
        text,
        "simulated",
        "%,.1f hours in %.0f s: %,.0f hours per real minute",
        hours,
        realSeconds,
        hours / realSeconds * 60);
    line(
        text,
        "events",
        "%,d, passes of the core %,d, submissions of credentials or codes %,d",
        events,
        passes,
        submissions);
    line(
        text,
        "transitions",
        "%,d taken, %d of %d kinds%s",
        transitions,
        coverage.known() - coverage.missing().size(),
        coverage.known(),
        coverage.missing().isEmpty() ? "" : ", never: " + coverage.missing());
    line(text, "excused", "%,d deeds of a machine whose clock had stood still", excused);
    text.append("promises checked\n");
    for (Promise promise : Promise.values()) {
      text.append("  %-20s %,15d%n".formatted(promise, checks.of(promise)));
    }
    return text.toString();
  }

  @FormatMethod
  private static void line(
      StringBuilder text, String name, @FormatString String format, Object... values) {
    text.append("%-12s ".formatted(name))
        .append(String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}
