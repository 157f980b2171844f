package io.understudy.lab;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.util.Optional;

/**
 * One run of one scenario.
 *
 * @param leader the node that served in the end; empty when the run failed before
 * @param verdict empty when the run failed before it could be given
 * @param failure one sentence; empty when everything was as expected
 * @param notes what the scenario has to say besides
 */
record ScenarioResult(
    Scenario scenario,
    Optional<String> leader,
    Optional<TakeoverFigures> takeover,
    Optional<Verdict> verdict,
    Optional<String> failure,
    ImmutableList<String> notes,
    Duration took) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NOTHING = "–";

  boolean passed() {
    return failure.isEmpty();
  }

  /** One line for the terminal. */
  String line() {
    return "%s %-34s %5.0f s  %s"
        .formatted(
            passed() ? "passed" : "FAILED",
            scenario.name(),
            took.toMillis() / 1000.0,
            failure.orElseGet(() ->
                "takeover " + takeoverCell() + ", " + loginsCell() + " logins" + lateWords()));
  }

  static String markdown(ImmutableList<ScenarioResult> results) {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        | scenario | result | serves in the end | takeover | by phase | silent before the other's login | logins | displaced alive |
        |---|---|---|---|---|---|---|---|
        """);
    results.forEach(result -> text.append(result.row()));
    return text.toString();
  }

  static String json(ImmutableList<ScenarioResult> results) {
    ArrayNode list = JSON.createArrayNode();
    results.forEach(result -> list.add(result.toJson()));
    return list.toPrettyString() + "\n";
  }

  private String row() {
    return "| %s | %s | %s | %s | %s | %s | %s | %s |%n"
        .formatted(
            scenario.name(),
            failure.map(sentence -> "FAILED: " + oneLine(sentence)).orElse("passed")
                + String.join("", notes.stream().map(note -> "; " + note).toList()),
            leader.orElse(NOTHING),
            takeoverCell(),
            takeover.map(ScenarioResult::phases).orElse(NOTHING),
            verdict.flatMap(Verdict::margin).map(Narrator::seconds).orElse(NOTHING),
            loginsCell(),
            verdict.map(given -> Integer.toString(given.displaced())).orElse(NOTHING));
  }

  private static String phases(TakeoverFigures figures) {
    return String.join(
        ", ",
        figures.phases().entrySet().stream()
            .filter(phase -> !phase.getValue().isZero())
            .map(phase ->
                phase.getKey().replace('_', ' ') + " " + Narrator.seconds(phase.getValue()))
            .toList());
  }

  private String takeoverCell() {
    return takeover.map(figures -> Narrator.seconds(figures.withoutTimeStep())).orElse(NOTHING);
  }

  private String loginsCell() {
    return verdict.map(given -> given.logins() + " of " + scenario.loginsMax()).orElse(NOTHING);
  }

  /** Nothing, as a rule. */
  private String lateWords() {
    return verdict
        .filter(given -> given.late() > 0)
        .map(given -> ", " + given.late() + " late request")
        .orElse("");
  }

  private static String oneLine(String sentence) {
    return sentence.lines().findFirst().orElse("").replace("|", "\\|");
  }

  private ObjectNode toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("scenario", scenario.name()).put("passed", passed());
    node.put("seconds", took.toMillis() / 1000.0);
    leader.ifPresent(name -> node.put("leader", name));
    failure.ifPresent(sentence -> node.put("failure", sentence));
    notes.forEach(node.putArray("notes")::add);
    takeover.ifPresent(figures -> {
      node.put("takeover_ms", figures.total().toMillis());
      node.put("takeover_without_time_step_ms", figures.withoutTimeStep().toMillis());
      ObjectNode phases = node.putObject("phases");
      figures.phases().forEach((name, duration) -> phases.put(name + "_ms", duration.toMillis()));
    });
    verdict.ifPresent(given -> {
      node.put("logins", given.logins()).put("codes", given.codes());
      node.put("displaced", given.displaced()).put("late", given.late());
      given.margin().ifPresent(margin -> node.put("margin_ms", margin.toMillis()));
      given.broken().forEach(node.putArray("broken")::add);
    });
    return node;
  }
}
