package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrometheusConfTest {
  private static final Path RUNBOOKS = Path.of("..", "..", "runbooks", "alerts");

  @TempDir private Path root;

  private static String config() {
    return Rendered.file(Rendered.bundle(Clusters.ALPHA), PrometheusConf.CONFIG);
  }

  private static String rules() {
    return Rendered.file(Rendered.bundle(Clusters.ALPHA), PrometheusConf.RULES);
  }

  @Test
  void allNodesAreWatchedThroughTheTunnel() {
    assertThat(config())
        .contains(
            """
                  - targets: ["10.77.0.1:7480"]
                    labels: {cluster: "main", node: "alpha"}
                  - targets: ["10.77.0.2:7480"]
                    labels: {cluster: "main", node: "beta"}
            """);
  }

  @Test
  void prometheusTakesTheConfigurationAndTheRules() throws IOException {
    Tool.assumeInstalled("promtool", "prometheus");
    Path rules = Files.writeString(root.resolve("understudy.rules.yml"), rules());
    Path config =
        Files.writeString(
            root.resolve("prometheus.yml"),
            config().replace(PrometheusConf.RULES, rules.toString()));
    Tool.Ended ended = Tool.run("promtool", "check", "config", config.toString());
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("2 rules found");
  }

  @Test
  void alertsFireWhenTheyShould() throws IOException {
    Tool.assumeInstalled("promtool", "prometheus");
    Files.writeString(root.resolve("understudy.rules.yml"), rules());
    Path tests = root.resolve("tests.yml");
    try (var stream =
        PrometheusConfTest.class.getResourceAsStream(
            "/io/understudy/bundle/understudy.rules.test.yml")) {
      Files.copy(Objects.requireNonNull(stream), tests);
    }
    Tool.Ended ended = Tool.run("promtool", "test", "rules", tests.toString());
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  @Test
  void everyAlertHasARunbookThatItNames() {
    assertThat(Pattern.compile("alert: (\\w+)").matcher(rules()).results())
        .isNotEmpty()
        .allSatisfy(match -> {
          String name = match.group(1) + ".md";
          assertThat(RUNBOOKS.resolve(name)).exists();
          assertThat(rules()).contains("runbook_url: runbooks/alerts/" + name);
        });
  }
}
