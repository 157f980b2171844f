package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.cluster.Alerts.MonitoringPorts;
import io.understudy.bundle.cluster.ClusterFile;
import java.util.stream.Collectors;

/**
 * What a Prometheus on a node needs to watch all nodes through the tunnel: a configuration, and the
 * rules, which are the same for every cluster. Only keys that Debian 12's version knows. With
 * channels for alerts it watches the monitoring of all nodes too. No label says which Prometheus
 * speaks: what two of them report has to be one alert.
 */
final class PrometheusConf {
  static final String CONFIG = "/etc/understudy/prometheus/prometheus.yml";
  static final String RULES = "/etc/understudy/prometheus/understudy.rules.yml";

  private PrometheusConf() {}

  static ImmutableList<RenderedFile> of(Place place) {
    return ImmutableList.of(
        RenderedFile.open(CONFIG, config(place)),
        RenderedFile.open(RULES, Resource.text("understudy.rules.yml")));
  }

  private static String config(Place place) {
    ClusterFile cluster = place.cluster();
    MonitoringPorts ports = cluster.alerts().ports();
    boolean stack = cluster.alerts().wanted();
    return place.header()
        + """
        global:
          scrape_interval: 15s
          scrape_timeout: 10s
          evaluation_interval: 15s

        rule_files:
          - %s
        """
            .formatted(RULES)
        + (stack ? alerting(place) : "")
        + "\nscrape_configs:\n"
        + job(place, "understudy", cluster.ports().http())
        + """
            # What a node says of another one carries that one's name too.
            metric_relabel_configs:
              - {source_labels: [exported_node], regex: (.+), target_label: peer}
              - {regex: exported_node, action: labeldrop}
        """
        + (stack
            ? job(place, "understudy-prometheus", ports.prometheus())
                + job(place, "understudy-alertmanager", ports.alertmanager())
            : "");
  }

  /** To all of them: they find out among each other who sends. */
  private static String alerting(Place place) {
    return "\nalerting:\n  alertmanagers:\n    - timeout: 5s\n      static_configs:\n"
        + place.cluster().nodes().stream()
            .map(node ->
                "        - targets: [\"%s:%d\"]\n"
                    .formatted(node.address(), place.cluster().alerts().ports().alertmanager()))
            .collect(Collectors.joining());
  }

  private static String job(Place place, String name, int port) {
    return "  - job_name: %s\n    static_configs:\n".formatted(name)
        + place.cluster().nodes().stream()
            .map(node ->
                "      - targets: [\"%s:%d\"]\n        labels: {cluster: \"%s\", node: \"%s\"}\n"
                    .formatted(node.address(), port, place.cluster().name(), node.id()))
            .collect(Collectors.joining());
  }
}
