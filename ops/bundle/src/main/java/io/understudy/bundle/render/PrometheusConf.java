package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import io.understudy.bundle.cluster.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What a Prometheus on a node needs to watch all nodes through the tunnel: a configuration, and the
 * rules, which are the same for every cluster. Only keys that Debian 12's version knows.
 */
final class PrometheusConf {
  static final String CONFIG = "/etc/understudy/prometheus/prometheus.yml";
  static final String RULES = "/etc/understudy/prometheus/understudy.rules.yml";

  private PrometheusConf() {}

  static ImmutableList<RenderedFile> of(Place place) {
    return ImmutableList.of(
        RenderedFile.open(CONFIG, config(place)), RenderedFile.open(RULES, rules()));
  }

  private static String config(Place place) {
    StringBuilder text = new StringBuilder(place.header());
    text.append(
        """
        global:
          scrape_interval: 15s
          evaluation_interval: 15s

        rule_files:
          - %s

        scrape_configs:
          - job_name: understudy
            static_configs:
        """
            .formatted(RULES));
    for (Host node : place.cluster().nodes()) {
      text.append(
          "      - targets: [\"%s:%d\"]\n        labels: {cluster: \"%s\", node: \"%s\"}\n"
              .formatted(
                  node.address(),
                  place.cluster().ports().http(),
                  place.cluster().name(),
                  node.id()));
    }
    return text.toString();
  }

  private static String rules() {
    URL rules =
        Objects.requireNonNull(
            PrometheusConf.class.getResource("/io/understudy/bundle/understudy.rules.yml"));
    try {
      return Resources.toString(rules, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
