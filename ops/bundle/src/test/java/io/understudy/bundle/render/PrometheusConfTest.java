package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.bundle.cluster.ClusterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrometheusConfTest {
  @TempDir private Path root;

  private static String config(ClusterFile cluster) {
    return Rendered.file(
        Rendered.bundle(cluster, Materials.STEADY, Clusters.ALPHA), PrometheusConf.CONFIG);
  }

  @Test
  void allNodesAreWatchedThroughTheTunnel() {
    assertThat(config(Clusters.MAIN))
        .contains(
            """
                  - targets: ["10.77.0.1:7480"]
                    labels: {cluster: "main", node: "alpha"}
                  - targets: ["10.77.0.2:7480"]
                    labels: {cluster: "main", node: "beta"}
            """);
  }

  @Test
  void alertsGoToEveryNodesAlertmanagerAndNobodyIsWatchedTwiceUnderTwoNames() {
    assertThat(config(Clusters.MAIN)).doesNotContain("alertmanager");
    assertThat(config(Clusters.ALERTING))
        .contains(
            """
            alerting:
              alertmanagers:
                - timeout: 5s
                  static_configs:
                    - targets: ["10.77.0.1:7493"]
                    - targets: ["10.77.0.2:7493"]
            """)
        .contains("targets: [\"10.77.0.1:7490\"]", "targets: [\"10.77.0.2:7490\"]")
        .doesNotContain("external_labels");
  }

  @Test
  void prometheusTakesTheConfigurationAndTheRules() throws IOException {
    Tool.assumeInstalled("promtool", "prometheus");
    Path rules =
        Files.writeString(
            root.resolve("understudy.rules.yml"),
            Rendered.file(Rendered.bundle(Clusters.ALPHA), PrometheusConf.RULES));
    for (ClusterFile cluster : new ClusterFile[] {Clusters.MAIN, Clusters.ALERTING}) {
      Path config =
          Files.writeString(
              root.resolve("prometheus.yml"),
              config(cluster).replace(PrometheusConf.RULES, rules.toString()));
      Tool.Ended ended = Tool.run("promtool", "check", "config", config.toString());
      assertThat(ended.status()).as(ended.output()).isZero();
      assertThat(ended.output()).contains("rules found");
    }
  }
}
