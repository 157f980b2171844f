package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;

/**
 * Dashboards, and what a Grafana on a node needs to show them: where they lie and where the numbers
 * come from. Debian has no Grafana, so nothing here installs or starts one; docs/alerts.md says how
 * to link the two files of settings.
 */
final class GrafanaFiles {
  static final String FOLDER = "/etc/understudy/grafana/";
  static final ImmutableList<String> DASHBOARDS =
      ImmutableList.of("cluster", "drills", "gateway", "takeover");

  private GrafanaFiles() {}

  static ImmutableList<RenderedFile> of(Place place) {
    ImmutableList.Builder<RenderedFile> files = ImmutableList.builder();
    for (String name : DASHBOARDS) {
      files.add(
          RenderedFile.open(
              FOLDER + "dashboards/" + name + ".json", Resource.text("grafana/" + name + ".json")));
    }
    return files
        .add(
            RenderedFile.open(
                FOLDER + "dashboards.yaml",
                place.header()
                    + """
                    apiVersion: 1
                    providers:
                      - name: understudy
                        folder: Understudy
                        type: file
                        allowUiUpdates: false
                        options: {path: %sdashboards}
                    """
                        .formatted(FOLDER)),
            RenderedFile.open(
                FOLDER + "datasource.yaml",
                place.header()
                    + """
                    apiVersion: 1
                    datasources:
                      - name: Understudy
                        uid: understudy
                        type: prometheus
                        access: proxy
                        url: http://%s:%d
                        jsonData: {timeInterval: 15s}
                    """
                        .formatted(
                            place.host().address(), place.cluster().alerts().ports().prometheus())))
        .build();
  }
}
