package io.understudy.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An operator who drills, with the real command line. What the drill says of itself is held against
 * what the lab's own trading clients saw; what the broker saw is judged at the end of the scenario.
 */
final class Drilling {
  private static final Duration LIMIT = Duration.ofMinutes(6);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
  private static final Duration BACK_LIMIT = Duration.ofMinutes(2);

  /** The probing client asks four times a second, with a patience of a second. */
  private static final Duration CLIENT_ERROR = Duration.ofMillis(1_500);

  private static final int PASSED = 0;
  private static final int FAILED = 3;
  private static final JsonMapper JSON = new JsonMapper();

  private final ScenarioWorld world;
  private final Expectations expectations;

  Drilling(ScenarioWorld world, Expectations expectations) {
    this.world = world;
    this.expectations = expectations;
  }

  /** It passes, comes back, and both sides measure the same. */
  void passes(String kind) {
    LabNode origin = world.awaitService();
    long begun = System.nanoTime();
    JsonNode report = run(kind, PASSED);
    expect(report.path("verdict").path("passed").asBoolean(), "The report says that it failed");
    expect(report.path("client").path("doubled").asInt(-1) == 0, "Answers were doubled");
    Duration outage = longestOutage(report.path("client"));
    Duration seen = longestSilence(begun);
    if (outage.minus(seen).abs().compareTo(CLIENT_ERROR) > 0) {
      throw new LabException(
          "The drill's client saw no answer for %s, the lab's for %s"
              .formatted(Narrator.seconds(outage), Narrator.seconds(seen)));
    }
    expectBack(origin);
    expectations.note(
        "drill %s passed, recovery %s, longest outage %s (the lab's clients: %s)"
            .formatted(
                kind,
                Narrator.seconds(seconds(report.path("verdict").path("recovery"))),
                Narrator.seconds(outage),
                Narrator.seconds(seen)));
  }

  /** It misses an objective that nobody could meet, and the cluster is as whole as after any. */
  void missed(String kind, Duration objective) {
    LabNode origin = world.awaitService();
    JsonNode report = run(kind, FAILED, "--rto", objective.toSeconds() + "s");
    expect(
        !report.path("verdict").path("passed").asBoolean(true), "The report says that it passed");
    expectBack(origin);
    expectations.note(
        "drill "
            + kind
            + " failed as it should: "
            + report.path("verdict").path("sentence").asText());
  }

  /** It is ended by an operator as soon as it is on record. */
  void aborted(String kind) {
    LabNode origin = world.awaitService();
    begin(kind);
    abort(kind, origin);
  }

  /** It is ended by an operator when another node leads already and does not serve yet. */
  void abortedMidway(String kind) {
    LabNode origin = world.awaitService();
    begin(kind);
    var _ =
        world
            .operator()
            .waits(
                BACK_LIMIT,
                "That another node than " + origin.id() + " leads",
                view -> view.leader().filter(leader -> !leader.equals(origin.id())).isPresent());
    abort(kind, origin);
  }

  private void abort(String kind, LabNode origin) {
    var _ =
        world
            .operator()
            .types(PASSED, COMMAND_LIMIT, "drill", "abort", "--reason", "fault lab", "--yes");
    String stage = awaitEnd();
    expect(stage.equals("DRILL_STAGE_ABORTED"), "The drill ended as " + stage);
    expectBack(origin);
    expectations.note("drill " + kind + " aborted, then " + world.awaitService().id() + " serves");
  }

  /** Nobody watches it; the cluster carries it to its end all the same. */
  void disconnected(String kind) {
    LabNode origin = world.awaitService();
    LabProcess operator =
        world
            .cluster()
            .processes()
            .start(
                "the operator who drills",
                world.cluster().commandLine().command(words(kind)),
                world.cluster().directory().resolve("operator.log"));
    boolean begun = Waiting.until(COMMAND_LIMIT, () -> latest().filter(d -> !ended(d)).isPresent());
    expect(begun, "The drill did not begin" + operator.last());
    operator.kill();
    String stage = awaitEnd();
    expect(stage.equals("DRILL_STAGE_PASSED"), "The drill ended as " + stage);
    expectBack(origin);
  }

  void nothingCut() {
    for (LabNode node : world.cluster().nodes()) {
      expect(world.cuts(node.id()) == 0, "The tunnel of " + node.id() + " was cut");
    }
  }

  private void begin(String kind) {
    var _ = world.operator().types(PASSED, COMMAND_LIMIT, words(kind, "--no-wait"));
  }

  private JsonNode run(String kind, int status, String... options) {
    var _ = world.operator().types(status, LIMIT, words(kind, options));
    try (Stream<Path> files = Files.list(reports())) {
      Path file =
          files
              .filter(each -> each.toString().endsWith(kind + ".json"))
              .max(Path::compareTo)
              .orElseThrow(() -> new LabException("The drill left no report"));
      return JSON.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new LabException("Cannot read the report of the drill", e);
    }
  }

  private String[] words(String kind, String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "drill",
                "run",
                "--kind",
                kind,
                // In the lab every takeover is recent.
                "--overrule",
                "RECENT_TAKEOVER",
                "--report",
                reports().toString(),
                "--reason",
                "fault lab",
                "--yes"));
    words.addAll(List.of(options));
    return words.toArray(String[]::new);
  }

  private Path reports() {
    return world.cluster().directory().resolve("drills");
  }

  private String awaitEnd() {
    boolean ended = Waiting.until(LIMIT, () -> latest().filter(Drilling::ended).isPresent());
    expect(ended, "The drill did not end");
    return latest().orElseThrow().path("stage").asText();
  }

  private Optional<JsonNode> latest() {
    CommandLine.Ran ran =
        world.cluster().commandLine().run(COMMAND_LIMIT, "drill", "list", "-o", "json");
    if (ran.exitCode() != PASSED) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readTree(ran.output()).path("drills").get(0));
    } catch (IOException e) {
      throw new LabException("The list of drills is no JSON: " + ran.output(), e);
    }
  }

  private static boolean ended(JsonNode drill) {
    return ImmutableList.of("DRILL_STAGE_PASSED", "DRILL_STAGE_FAILED", "DRILL_STAGE_ABORTED")
        .contains(drill.path("stage").asText());
  }

  private void expectBack(LabNode origin) {
    var _ =
        world
            .operator()
            .waits(
                BACK_LIMIT,
                "That " + origin.id() + " serves again after the drill",
                view -> view.serves(origin.id()));
  }

  /** There or back. */
  private static Duration longestOutage(JsonNode client) {
    Duration there = seconds(client.path("outage"));
    JsonNode back = client.path("fallBackOutage");
    return back.isNumber() && seconds(back).compareTo(there) > 0 ? seconds(back) : there;
  }

  /** Between two answers in a row through any relay. */
  private Duration longestSilence(long since) {
    long[] times =
        world.cluster().nodes().stream()
            .flatMap(node -> world.clients().at(node).answers().stream())
            .mapToLong(TradingClient.Answer::at)
            .filter(at -> at - since > 0)
            .sorted()
            .toArray();
    long longest = 0;
    for (int i = 1; i < times.length; i++) {
      longest = Math.max(longest, times[i] - times[i - 1]);
    }
    return Duration.ofNanos(longest);
  }

  private static Duration seconds(JsonNode number) {
    if (!number.isNumber()) {
      throw new LabException("The report lacks a figure");
    }
    return Duration.ofMillis(Math.round(number.asDouble() * 1000));
  }

  private static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw new LabException(otherwise);
    }
  }
}
