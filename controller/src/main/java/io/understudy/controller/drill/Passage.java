package io.understudy.controller.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How long nobody served, in the parts that it consists of.
 *
 * @param from the fault; in a planned hand-over the moment in which the leader began to give up
 * @param to orders passed again
 * @param parts in order; together they make the whole
 */
public record Passage(Instant from, Instant to, List<Part> parts) {
  /** The last part. */
  public static final String GATE = "gate";

  /** What ends each part: the first of these that was entered. */
  private static final List<Step> STEPS =
      List.of(
          new Step("detect", List.of("Claiming", "Fencing", "LoggingIn")),
          new Step("claim", List.of("Fencing", "LoggingIn")),
          new Step("fence", List.of("LoggingIn")),
          new Step("login", List.of("Verifying", "Reconciling", "Serving")),
          new Step("verify", List.of("Reconciling", "Serving")),
          new Step("reconcile", List.of("Serving")));

  public Passage {
    parts = List.copyOf(parts);
  }

  /** One part. */
  public record Part(String name, Duration duration) {}

  private record Step(String name, List<String> endedBy) {}

  /** The names of all parts, in order. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(STEPS.stream().map(Step::name).toList());
    names.add(GATE);
    return List.copyOf(names);
  }

  /**
   * Puts the parts together. One whose end nobody saw ends where it began, and none reaches beyond
   * the whole.
   *
   * @param entered when the node that served then entered each phase
   */
  public static Passage of(Instant from, Instant to, Map<String, Instant> entered) {
    List<Part> parts = new ArrayList<>();
    Instant reached = from;
    for (Step step : STEPS) {
      Instant next = earlier(firstOf(step.endedBy(), entered, reached), to);
      parts.add(new Part(step.name(), Duration.between(reached, next)));
      reached = next;
    }
    parts.add(new Part(GATE, Duration.between(reached, to)));
    return new Passage(from, to, parts);
  }

  public Duration whole() {
    return Duration.between(from, to);
  }

  /** Zero for a name that it has not. */
  public Duration part(String name) {
    return parts.stream()
        .filter(part -> part.name().equals(name))
        .map(Part::duration)
        .findFirst()
        .orElse(Duration.ZERO);
  }

  private static Instant firstOf(
      List<String> phases, Map<String, Instant> entered, Instant otherwise) {
    for (String phase : phases) {
      Instant at = entered.get(phase);
      if (at != null) {
        return at.isBefore(otherwise) ? otherwise : at;
      }
    }
    return otherwise;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }
}
