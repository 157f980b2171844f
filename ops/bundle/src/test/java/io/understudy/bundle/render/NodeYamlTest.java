package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.Log;
import org.junit.jupiter.api.Test;

final class NodeYamlTest {
  private static String config(ClusterFile cluster) {
    return Rendered.file(
        Rendered.bundle(cluster, Materials.STEADY, Clusters.ALPHA), NodeYaml.CONFIG);
  }

  @Test
  void howTheDaemonLogsIsToldToEveryNode() {
    assertThat(config(Clusters.with(new Log(Log.Format.JSON, Log.Level.WARN))))
        .contains("\nlog: {format: json, level: warn}\n");
  }

  @Test
  void whatTheDaemonDoesByItselfIsNotTold() {
    assertThat(config(Clusters.with(Log.DEFAULT))).doesNotContain("log:");
  }
}
