package io.understudy.controller.verb;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.authority.Authority;
import io.understudy.bundle.authority.AuthorityException;
import io.understudy.bundle.authority.Expiry;
import io.understudy.bundle.authority.Material;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.render.Bundle;
import io.understudy.bundle.render.BundleWriter;
import io.understudy.bundle.render.Renderer;
import io.understudy.controller.client.Failure;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A cluster file with the bundles that come of it.
 *
 * @param authorityIsNew whether its keys and certificates were made just now
 * @param warnings of certificates that end, one sentence each; they were printed
 */
record RenderedCluster(
    ClusterFile cluster,
    ImmutableList<Bundle> bundles,
    boolean authorityIsNew,
    ImmutableList<String> warnings) {
  /** What to do when there are no keys and certificates. */
  enum Keys {
    THERE,
    MADE
  }

  static RenderedCluster of(Understudy root, ClusterOptions options, Path out, Keys keys) {
    ClusterFile cluster = options.read();
    boolean isNew = !Authority.exists(options.authority());
    if (isNew) {
      refuseWithout(options.authority(), out, keys);
    }
    try (Authority authority = open(options.authority(), cluster, root.environment().clock())) {
      Material material = authority.material(cluster);
      ImmutableList<String> warnings =
          Expiry.of(material, root.environment().clock().instant()).stream()
              .map(Expiry::sentence)
              .collect(ImmutableList.toImmutableList());
      warnings.forEach(root.environment().err()::println);
      return new RenderedCluster(cluster, Renderer.render(cluster, material), isNew, warnings);
    } catch (AuthorityException e) {
      throw Failure.usage(e.sentence());
    }
  }

  private static Authority open(Path folder, ClusterFile cluster, InstantSource clock) {
    return Authority.exists(folder)
        ? Authority.open(folder, cluster.name(), clock)
        : Authority.create(folder, cluster.name(), clock);
  }

  /** New keys beside bundles with other ones would cut off every host. */
  private static void refuseWithout(Path authority, Path out, Keys keys) {
    if (BundleWriter.hasWritten(out)) {
      throw Failure.usage(
          "There are bundles in %s, and no keys and certificates in %s, which they were made with: name the folder with --authority, or restore its backup."
              .formatted(out, authority));
    }
    if (keys == Keys.THERE) {
      throw Failure.usage(
          "There are no keys and certificates in %s: name the folder with --authority; understudy cluster render makes it."
              .formatted(authority));
    }
  }
}
