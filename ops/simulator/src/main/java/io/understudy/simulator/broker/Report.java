package io.understudy.simulator.broker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the broker saw that is worth counting, and the journal of it in JSON lines.
 *
 * <p>Never holds a password, a code, a secret or a cookie. Lists keep the newest {@value
 * #ENTRIES_MAX} entries; counts are complete. Guarded by the broker's lock.
 */
final class Report {
  private static final int ENTRIES_MAX = 1_000;

  private final Optional<Writer> journal;
  private final ArrayNode violations = Json.array();
  private final ArrayNode logins = Json.array();
  private final ArrayNode inits = Json.array();
  private final ArrayNode displacements = Json.array();
  private final Map<String, Integer> violationsByPromise = new LinkedHashMap<>();
  private final Map<String, Integer> loginsByOutcome = new LinkedHashMap<>();
  private final Map<String, Integer> counters = new LinkedHashMap<>();

  Report(Optional<Writer> journal) {
    this.journal = journal;
    for (Violation.Promise promise : Violation.Promise.values()) {
      violationsByPromise.put(promise.name(), 0);
    }
    for (Counter counter : Counter.values()) {
      counters.put(counter.label, 0);
    }
  }

  enum Counter {
    SUBMISSIONS("submissions"),
    CODE_SUBMISSIONS("codeSubmissions"),
    LOGINS_INSIDE_WINDOW("loginsInsideWindow"),
    PACING_ANSWERS("pacingAnswers"),
    LOGOUTS("logouts");

    private final String label;

    Counter(String label) {
      this.label = label;
    }
  }

  void violated(Violation violation) {
    violationsByPromise.merge(violation.promise().name(), 1, Integer::sum);
    ObjectNode node = violation.toJson();
    keep(violations, node);
    write("violation", violation.at(), node);
  }

  void login(Instant at, String user, String source, String outcome) {
    loginsByOutcome.merge(outcome, 1, Integer::sum);
    ObjectNode node = Json.object();
    node.put("user", user).put("source", source).put("outcome", outcome).put("at", at.toString());
    keep(logins, node);
    write("login", at, node);
  }

  void init(Instant at, String user, String source, boolean compete, boolean byItself) {
    ObjectNode node = Json.object();
    node.put("user", user).put("source", source).put("compete", compete);
    node.put("byItself", byItself).put("at", at.toString());
    keep(inits, node);
    write("init", at, node);
  }

  void displaced(Instant at, String user, String from, String by) {
    ObjectNode node = Json.object();
    node.put("user", user).put("from", from).put("by", by).put("at", at.toString());
    keep(displacements, node);
    write("displacement", at, node);
  }

  void count(Counter counter) {
    counters.merge(counter.label, 1, Integer::sum);
  }

  /** An event that is only journalled. */
  void event(String kind, Instant at, ObjectNode node) {
    write(kind, at, node);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    node.put("violations", violationsByPromise.values().stream().mapToInt(i -> i).sum());
    violationsByPromise.forEach(node.putObject("violationsByPromise")::put);
    node.set("violationList", violations.deepCopy());
    ObjectNode counted = node.putObject("logins");
    counted.put("total", loginsByOutcome.values().stream().mapToInt(i -> i).sum());
    counted.put("succeeded", loginsByOutcome.getOrDefault("succeeded", 0));
    loginsByOutcome.forEach(counted.putObject("byOutcome")::put);
    node.set("loginList", logins.deepCopy());
    node.set("initList", inits.deepCopy());
    node.put("displacements", displacements.size());
    node.set("displacementList", displacements.deepCopy());
    counters.forEach(node::put);
    return node;
  }

  private static void keep(ArrayNode list, ObjectNode node) {
    if (list.size() >= ENTRIES_MAX) {
      list.remove(0);
    }
    list.add(node);
  }

  private void write(String kind, Instant at, ObjectNode node) {
    if (journal.isEmpty()) {
      return;
    }
    ObjectNode line = Json.object();
    line.put("event", kind).put("at", at.toString());
    line.setAll(node);
    try {
      journal.get().write(line + "\n");
      journal.get().flush();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the journal", e);
    }
  }
}
