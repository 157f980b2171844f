package io.understudy.controller.verb;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.authority.Authority;
import io.understudy.bundle.authority.AuthorityException;
import io.understudy.bundle.authority.Expiry;
import io.understudy.bundle.authority.Material;
import io.understudy.bundle.authority.Preview;
import io.understudy.bundle.authority.VoterChange;
import io.understudy.bundle.cluster.ClusterFile;
import io.understudy.bundle.render.Bundle;
import io.understudy.bundle.render.BundleWriter;
import io.understudy.bundle.render.Renderer;
import io.understudy.controller.client.Failure;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A cluster file with the bundles that come of it.
 *
 * @param made what does not exist yet, of a preview
 * @param refusal why rendering would be refused, of a preview
 * @param authorityIsNew whether its keys and certificates were made just now
 * @param warnings of certificates that end, one sentence each; they were printed
 */
record RenderedCluster(
    ClusterFile cluster,
    ImmutableList<Bundle> bundles,
    ImmutableList<String> made,
    Optional<String> refusal,
    boolean authorityIsNew,
    ImmutableList<String> warnings) {

  /** With what is missing made and remembered. */
  static RenderedCluster of(Understudy root, ClusterOptions options, Path out, VoterChange voters) {
    ClusterFile cluster = options.read();
    boolean isNew = !Authority.exists(options.authority());
    if (isNew) {
      refuseBeside(options.authority(), out);
    }
    try (Authority authority = open(options.authority(), cluster, root.environment().clock())) {
      Material material = authority.material(cluster, voters);
      return new RenderedCluster(
          cluster,
          Renderer.render(cluster, material),
          ImmutableList.of(),
          Optional.empty(),
          isNew,
          warned(root, material));
    } catch (AuthorityException e) {
      throw Failure.usage(e.sentence());
    }
  }

  /** As it would be rendered; changes nothing. */
  static RenderedCluster preview(Understudy root, ClusterOptions options, Path out) {
    ClusterFile cluster = options.read();
    if (!Authority.exists(options.authority())) {
      refuseBeside(options.authority(), out);
      throw Failure.usage(
          "There are no keys and certificates in %s: name the folder with --authority; understudy cluster render makes it."
              .formatted(options.authority()));
    }
    try (Authority authority = open(options.authority(), cluster, root.environment().clock())) {
      Preview preview = authority.preview(cluster);
      return new RenderedCluster(
          cluster,
          Renderer.render(cluster, preview.material()),
          preview.made(),
          preview.refusal(),
          false,
          warned(root, preview.material()));
    } catch (AuthorityException e) {
      throw Failure.usage(e.sentence());
    }
  }

  private static ImmutableList<String> warned(Understudy root, Material material) {
    ImmutableList<String> warnings =
        Expiry.of(material, root.environment().clock().instant()).stream()
            .map(Expiry::sentence)
            .collect(ImmutableList.toImmutableList());
    warnings.forEach(root.environment().err()::println);
    return warnings;
  }

  private static Authority open(Path folder, ClusterFile cluster, InstantSource clock) {
    return Authority.exists(folder)
        ? Authority.open(folder, cluster.name(), clock)
        : Authority.create(folder, cluster.name(), clock);
  }

  /** New keys beside bundles with other ones would cut off every host. */
  private static void refuseBeside(Path authority, Path out) {
    if (BundleWriter.hasWritten(out)) {
      throw Failure.usage(
          "There are bundles in %s, and no keys and certificates in %s, which they were made with: name the folder with --authority, or restore its backup."
              .formatted(out, authority));
    }
  }
}
