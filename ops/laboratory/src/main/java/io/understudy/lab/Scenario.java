package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A scenario of the fault lab, as its file tells it: lines {@code Key: value}, an empty line, then
 * one step on each line, in the words that {@link ScenarioSteps} knows.
 *
 * @param steps as written
 */
record Scenario(String name, ImmutableMap<String, String> header, ImmutableList<String> steps) {
  private static final String DIRECTORY = "scenarios";
  private static final String SUFFIX = ".txt";
  private static final ImmutableSet<String> REQUIRED =
      ImmutableSet.of("Purpose", "Fault", "Expect", "Logins");
  private static final ImmutableSet<String> KEYS =
      ImmutableSet.<String>builder()
          .addAll(REQUIRED)
          .add(
              "Safe", "Session-timeout", "Servers", "Reach", "Ensemble-leader", "Displaced", "Late")
          .build();

  /** Every scenario, by name. */
  static ImmutableList<Scenario> all() {
    URL folder = Scenario.class.getResource(DIRECTORY);
    if (folder == null) {
      throw new LabException("The scenarios are not built; run ops/lab, which does");
    }
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files.sorted().map(Scenario::read).collect(ImmutableList.toImmutableList());
    } catch (IOException | URISyntaxException e) {
      throw new LabException("Cannot read the scenarios in " + folder, e);
    }
  }

  static Scenario parse(String name, String text) {
    Map<String, String> header = new LinkedHashMap<>();
    List<String> lines = text.lines().map(String::strip).toList();
    int end = lines.indexOf("");
    for (String line : lines.subList(0, Math.max(0, end))) {
      String[] pair = line.split(": ", 2);
      if (pair.length != 2 || !KEYS.contains(pair[0])) {
        throw new LabException(
            "Scenario " + name + ": \"" + line + "\" (expected: one of " + KEYS + ")");
      }
      header.put(pair[0], pair[1]);
    }
    if (!header.keySet().containsAll(REQUIRED)) {
      throw new LabException("Scenario " + name + " lacks one of " + REQUIRED);
    }
    return new Scenario(
        name,
        ImmutableMap.copyOf(header),
        lines.subList(end + 1, lines.size()).stream()
            .filter(line -> !line.isEmpty())
            .collect(ImmutableList.toImmutableList()));
  }

  String purpose() {
    return value("Purpose", "");
  }

  String fault() {
    return value("Fault", "");
  }

  String expectation() {
    return value("Expect", "");
  }

  /** Whether continuous integration runs it. */
  boolean safe() {
    return value("Safe", "no").equals("yes");
  }

  /** How many submissions of credentials it may cost, the first login included. */
  int loginsMax() {
    return Integer.parseInt(value("Logins", "0"));
  }

  /** How many living brokerage sessions may be ended by the login of another node. */
  int displacedMax() {
    return Integer.parseInt(value("Displaced", "0"));
  }

  /**
   * How many requests may reach IBKR late: the relay had passed them before a freeze, and the
   * frozen gateway carries them out when it thaws.
   */
  int lateMax() {
    return Integer.parseInt(value("Late", "0"));
  }

  /** Which machine's ZooKeeper server is the ensemble's leader at the beginning. */
  String ensembleLeader() {
    return value("Ensemble-leader", LabNetwork.WITNESS);
  }

  Duration sessionTimeout() {
    return Duration.ofSeconds(Long.parseLong(value("Session-timeout", "4 s").replace(" s", "")));
  }

  ZooKeeperEnsemble.Timing timing() {
    return value("Servers", "").equals("sample timing")
        ? ZooKeeperEnsemble.Timing.ZOOKEEPER_SAMPLE
        : ZooKeeperEnsemble.Timing.QUICK;
  }

  LabSettings.Reach reach() {
    return value("Reach", "").equals("local server")
        ? LabSettings.Reach.LOCAL_SERVER
        : LabSettings.Reach.ALL_SERVERS;
  }

  /** Whether the daemons' wall clocks must be such that they can be stepped. */
  boolean stepsClocks() {
    return steps.stream().anyMatch(step -> step.startsWith("step the clock"));
  }

  private String value(String key, String otherwise) {
    return header.getOrDefault(key, otherwise);
  }

  private static Scenario read(Path file) {
    String name = file.getFileName().toString();
    try {
      return parse(name.substring(0, name.length() - SUFFIX.length()), Files.readString(file));
    } catch (IOException e) {
      throw new LabException("Cannot read " + file, e);
    }
  }
}
