package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.understudy.bundle.render.RuleFile.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every alert fires when it should, and not otherwise; promtool says so. */
class AlertRulesTest {
  private static final Path TESTS =
      Path.of("src", "test", "resources", "io", "understudy", "bundle", "rules");

  @TempDir private Path root;

  /** A moment of one of promtool's tests at which one alert is looked for. */
  private record Look(String alert, Duration at, ImmutableSet<String> severities) {
    static Look of(Map<String, Object> look) {
      return new Look(
          RuleFile.text(look, "alertname"),
          RuleFile.duration(RuleFile.text(look, "eval_time")),
          look.containsKey("exp_alerts")
              ? RuleFile.list(look, "exp_alerts").stream()
                  .map(alert -> RuleFile.text(RuleFile.map(alert, "exp_labels"), "severity"))
                  .collect(ImmutableSet.toImmutableSet())
              : ImmutableSet.of());
    }
  }

  @Test
  void promtoolSeesEachAlertFireWhenItShould() throws IOException {
    Tool.assumeInstalled("promtool", "prometheus");
    Files.writeString(
        root.resolve("understudy.rules.yml"),
        Rendered.file(Rendered.bundle(Clusters.ALPHA), PrometheusConf.RULES));
    ImmutableList.Builder<String> command = ImmutableList.builder();
    command.add("promtool", "test", "rules");
    for (Path file : testFiles()) {
      command.add(Files.copy(file, root.resolve(file.getFileName())).toString());
    }
    Tool.Ended ended = Tool.run(command.build());
    assertThat(ended.status()).as(ended.output()).isZero();
  }

  @Test
  void eachSeverityOfEachAlertIsSeenToFireNotToFireAndToEnd() throws IOException {
    List<List<Look>> tests = tests();
    for (Alert alert : RuleFile.alerts()) {
      Predicate<Look> ofAlert = look -> look.alert().equals(alert.name());
      Predicate<Look> fires = look -> look.severities().contains(alert.severity());
      assertThat(tests)
          .as(alert.name() + ", " + alert.severity())
          .anySatisfy(looks -> {
            List<Look> own = looks.stream().filter(ofAlert).toList();
            assertThat(own).anyMatch(fires);
            Duration first = own.stream().filter(fires).findFirst().orElseThrow().at();
            assertThat(own).anyMatch(fires.negate().and(look -> look.at().compareTo(first) < 0));
            assertThat(own).anyMatch(fires.negate().and(look -> look.at().compareTo(first) > 0));
          });
    }
  }

  @Test
  void everyAlertSaysWhatAndWhereAndLinksItsRunbook() {
    assertThat(RuleFile.alerts())
        .isNotEmpty()
        .allSatisfy(alert -> {
          assertThat(alert.severity()).isIn("critical", "warning", "info", "none");
          assertThat(alert.annotations().get("summary")).contains("{{ $labels.cluster }}");
          assertThat(alert.annotations().get("description")).isNotBlank();
          assertThat(alert.annotations().get("runbook_url"))
              .isEqualTo("runbooks/alerts/" + alert.name() + ".md");
          if (!alert.severity().equals("none")) {
            assertThat(alert.annotations().get("now")).contains("Leading:");
          }
        });
  }

  private static List<List<Look>> tests() throws IOException {
    ImmutableList.Builder<List<Look>> tests = ImmutableList.builder();
    for (Path file : testFiles()) {
      for (Map<String, Object> test :
          RuleFile.list(RuleFile.yaml(Files.readString(file)), "tests")) {
        tests.add(RuleFile.list(test, "alert_rule_test").stream().map(Look::of).toList());
      }
    }
    return tests.build();
  }

  private static List<Path> testFiles() throws IOException {
    try (Stream<Path> files = Files.list(TESTS)) {
      return files.sorted().toList();
    }
  }
}
