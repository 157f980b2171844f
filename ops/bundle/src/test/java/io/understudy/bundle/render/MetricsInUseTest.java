package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Rules and dashboards ask only for what the nodes, or the monitoring itself, expose. */
class MetricsInUseTest {
  private static final Path LIST = Path.of("..", "..", "docs", "metrics.md");
  private static final Pattern LISTED = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| \\w+ \\|");

  private static final ImmutableSet<String> OF_THE_MONITORING =
      ImmutableSet.of("up", "ALERTS", "alertmanager_notifications_failed_total");

  private static final Pattern NAME =
      Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?![a-zA-Z0-9_:]*\\s*\\()");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z_]+)` \\| \\w+ \\| [^|]*\\| ([^|]*)\\|");
  private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:]+)\\{([^}]*)}");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*[=!]");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|on|group_left)\\s*\\(([^)]*)\\)");
  private static final Pattern WORD = Pattern.compile("([a-z_]+)");
  private static final ImmutableSet<String> WORDS =
      ImmutableSet.of("and", "or", "unless", "offset", "bool", "by", "on", "without", "ignoring");

  @Test
  void everyMetricOfARuleIsExposed() throws IOException {
    ImmutableSet<String> known = known();
    assertThat(RuleFile.expressions())
        .isNotEmpty()
        .allSatisfy(expression -> assertThat(known).containsAll(metrics(expression)));
  }

  @Test
  void everyLabelOfARuleIsOneThatItsMetricCarries() throws IOException {
    ImmutableSetMultimap<String, String> labels = labels();
    for (String expression : RuleFile.expressions()) {
      assertThat(SELECTOR.matcher(expression).results())
          .as(expression)
          .allSatisfy(selector ->
              assertThat(labels.get(bare(selector.group(1))))
                  .as(selector.group(1))
                  .containsAll(found(LABEL, selector.group(2))));
      assertThat(GROUPING.matcher(expression).results())
          .as(expression)
          .allSatisfy(
              grouping -> assertThat(labels.values()).containsAll(found(WORD, grouping.group(1))));
    }
  }

  @Test
  void everyMetricOfADashboardIsExposed() throws IOException {
    ImmutableSet<String> known = known();
    for (String name : GrafanaFiles.DASHBOARDS) {
      JsonNode dashboard = new JsonMapper().readTree(dashboard(name));
      assertThat(dashboard.findValuesAsText("expr"))
          .as(name)
          .isNotEmpty()
          .allSatisfy(expression -> assertThat(known).containsAll(metrics(expression)));
    }
  }

  @Test
  void dashboardsAskTheDatasourceThatIsProvisionedAndHaveNamesOfTheirOwn() throws IOException {
    Set<String> ids = new HashSet<>();
    for (String name : GrafanaFiles.DASHBOARDS) {
      JsonNode dashboard = new JsonMapper().readTree(dashboard(name));
      assertThat(ids.add(dashboard.path("uid").asText())).isTrue();
      assertThat(dashboard.path("panels"))
          .allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("understudy");
          });
    }
    assertThat(
            Rendered.file(Rendered.bundle(Clusters.ALPHA), GrafanaFiles.FOLDER + "datasource.yaml"))
        .contains("uid: understudy", "url: http://10.77.0.1:7490");
  }

  @Test
  void prometheusUnderstandsWhatDashboardsAsk() throws IOException {
    Tool.assumeInstalled("promtool", "prometheus");
    StringBuilder rules = new StringBuilder("groups:\n  - name: dashboards\n    rules:\n");
    int number = 0;
    for (String name : GrafanaFiles.DASHBOARDS) {
      for (String expression :
          new JsonMapper().readTree(dashboard(name)).findValuesAsText("expr")) {
        rules.append(
            "      - record: \"panel:%d\"\n        expr: '%s'\n".formatted(number++, expression));
      }
    }
    Path file = Files.writeString(Files.createTempFile("dashboards", ".yml"), rules);
    Tool.Ended ended = Tool.run("promtool", "check", "rules", file.toString());
    Files.delete(file);
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  private static String dashboard(String name) {
    return Rendered.file(
        Rendered.bundle(Clusters.ALPHA), GrafanaFiles.FOLDER + "dashboards/" + name + ".json");
  }

  private static ImmutableSet<String> known() throws IOException {
    assumeTrue(Files.exists(LIST), "there is no list of metrics, docs/metrics.md");
    ImmutableSet<String> listed =
        LISTED
            .matcher(Files.readString(LIST))
            .results()
            .map(match -> match.group(1))
            .collect(ImmutableSet.toImmutableSet());
    assertThat(listed).hasSizeGreaterThan(20);
    return ImmutableSet.<String>builder()
        .addAll(listed)
        .addAll(RuleFile.recorded())
        .addAll(OF_THE_MONITORING)
        .build();
  }

  /** By metric: its own labels, and what Prometheus' configuration adds. */
  private static ImmutableSetMultimap<String, String> labels() throws IOException {
    assumeTrue(Files.exists(LIST), "there is no list of metrics, docs/metrics.md");
    ImmutableSetMultimap.Builder<String, String> labels = ImmutableSetMultimap.builder();
    ROW.matcher(Files.readString(LIST))
        .results()
        .forEach(row -> {
          labels.putAll(row.group(1), "cluster", "node");
          found(WORD, row.group(2))
              .forEach(label -> labels.put(row.group(1), label.equals("node") ? "peer" : label));
        });
    RuleFile.recorded()
        .forEach(name -> labels.putAll(name, "cluster", "gateway", "node", "directive"));
    labels.putAll("up", "cluster", "node", "job");
    labels.putAll("alertmanager_notifications_failed_total", "cluster", "node", "integration");
    return labels.build();
  }

  private static ImmutableList<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(ImmutableList.toImmutableList());
  }

  /** A histogram's own name. */
  private static String bare(String metric) {
    return metric.replaceFirst("_(bucket|sum|count)$", "");
  }

  /** The metrics that an expression names; a histogram by its own name. */
  private static ImmutableList<String> metrics(String expression) {
    String bare =
        expression
            .replaceAll("\\{[^}]*}", " ")
            .replaceAll("\\[[^]]*]", " ")
            .replaceAll("\\b(by|on|without|ignoring|group_left|group_right)\\s*\\([^)]*\\)", " ")
            .replaceAll("\\b\\d+[smhdw]\\b", " ");
    return NAME.matcher(bare)
        .results()
        .map(MatchResult::group)
        .filter(name -> !WORDS.contains(name))
        .map(MetricsInUseTest::bare)
        .collect(ImmutableList.toImmutableList());
  }
}
