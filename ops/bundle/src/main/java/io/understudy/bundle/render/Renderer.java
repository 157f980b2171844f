package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.authority.Material;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.cluster.HostRole;
import io.understudy.bundle.doctor.HostManifest;
import io.understudy.bundle.doctor.HostManifest.InstalledFile;
import io.understudy.bundle.doctor.ManifestJson;
import java.util.Comparator;

/** Makes every host's bundle. Pure: the same input gives the same bytes. */
public final class Renderer {
  private Renderer() {}

  /**
   * One bundle for each host, in the file's order.
   *
   * @throws IllegalArgumentException when the material lacks something of a host
   */
  public static ImmutableList<Bundle> render(ClusterFile cluster, Material material) {
    return cluster.hosts().values().stream()
        .map(host -> bundle(new Place(cluster, material, host)))
        .collect(ImmutableList.toImmutableList());
  }

  private static Bundle bundle(Place place) {
    HostRole role = place.host().role();
    ImmutableList.Builder<RenderedFile> files = ImmutableList.builder();
    files.addAll(WireGuardConf.of(place));
    files.addAll(Firewall.of(place));
    files.addAll(FirewallUnit.of(place));
    if (role.votes()) {
      files.addAll(ZooKeeperConf.of(place));
      files.add(ZooKeeperUnit.of(place));
    }
    if (role.node()) {
      files.addAll(NodeYaml.of(place));
      files.add(NodeUnit.of(place));
      files.addAll(TunnelUnits.of(place));
      files.addAll(PrometheusConf.of(place));
      files.addAll(GrafanaFiles.of(place));
      if (place.cluster().alerts().wanted()) {
        files.addAll(AlertmanagerConf.of(place));
        files.addAll(MonitoringUnits.of(place));
      }
    }
    if (role == HostRole.OPERATOR) {
      files.addAll(OperatorContext.of(place));
    }
    files.addAll(DrillUnits.of(place));
    return new Bundle(place.host(), withManifest(place, sorted(files.build())));
  }

  private static ImmutableList<RenderedFile> withManifest(
      Place place, ImmutableList<RenderedFile> files) {
    HostManifest manifest =
        HostManifest.of(
            place.cluster(),
            place.host(),
            place.tunnels(),
            files.stream()
                .map(file -> new InstalledFile(file.target(), file.mode(), file.owner()))
                .collect(ImmutableList.toImmutableList()));
    return sorted(
        ImmutableList.<RenderedFile>builder()
            .addAll(files)
            .add(RenderedFile.open(HostManifest.TARGET, ManifestJson.write(manifest)))
            .build());
  }

  private static ImmutableList<RenderedFile> sorted(ImmutableList<RenderedFile> files) {
    return files.stream()
        .sorted(Comparator.comparing(RenderedFile::target))
        .collect(ImmutableList.toImmutableList());
  }
}
