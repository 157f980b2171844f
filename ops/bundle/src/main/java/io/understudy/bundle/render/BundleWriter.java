package io.understudy.bundle.render;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.understudy.bundle.AtomicFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes bundles to their folder. What is right already is not touched; what an earlier run wrote
 * and nobody needs any more goes away; whatever somebody else put there stays.
 */
public final class BundleWriter {
  private final Path out;
  private final ImmutableList.Builder<String> changed = ImmutableList.builder();

  private BundleWriter(Path out) {
    this.out = out;
  }

  /**
   * Writes {@code out/HOST} for each bundle.
   *
   * @return what was written or removed, by its path within {@code out}; empty when all was right
   * @throws BundleException when the folder holds something else, or the bundles of another
   *     cluster, or cannot be written
   */
  @CanIgnoreReturnValue // Not everybody wants to know.
  public static ImmutableList<String> write(Path out, String cluster, ImmutableList<Bundle> bundles)
      throws BundleException {
    OutFolder before = OutFolder.read(out, cluster);
    for (Bundle bundle : bundles) {
      before.refuseForeign(out, bundle.host().id());
    }
    try {
      return new BundleWriter(out).write(before, cluster, bundles);
    } catch (IOException e) {
      throw new BundleException(
          "%s: cannot be written: %s (check who owns it and the space that is left)"
              .formatted(out, e.getMessage()),
          e);
    }
  }

  /** Whether there are bundles in the folder. */
  public static boolean hasWritten(Path out) {
    return Files.exists(out.resolve(OutFolder.MARK));
  }

  private ImmutableList<String> write(
      OutFolder before, String cluster, ImmutableList<Bundle> bundles) throws IOException {
    ImmutableSet<String> hosts =
        bundles.stream().map(bundle -> bundle.host().id()).collect(ImmutableSet.toImmutableSet());
    // A run that is cut short has left a note of all that it may have made.
    new OutFolder(Optional.of(cluster), Sets.union(before.hosts(), hosts).immutableCopy())
        .write(out);
    for (Bundle bundle : bundles) {
      write(bundle);
    }
    for (String host : Sets.difference(before.hosts(), hosts)) {
      remove(host, BundleFolder.listed(manifest(host)));
    }
    new OutFolder(Optional.of(cluster), hosts).write(out);
    return changed.build();
  }

  private void write(Bundle bundle) throws IOException {
    String host = bundle.host().id();
    ImmutableMap<String, RenderedFile> files = BundleFolder.lay(bundle);
    ImmutableSet<String> former = BundleFolder.listed(manifest(host));
    for (Map.Entry<String, RenderedFile> file : files.entrySet()) {
      if (!file.getKey().equals(BundleFolder.MANIFEST)) {
        write(host, file.getKey(), file.getValue());
      }
    }
    remove(host, Sets.difference(former, files.keySet()).immutableCopy());
    // Last, because it is the note of what may be removed.
    write(host, BundleFolder.MANIFEST, requireNonNull(files.get(BundleFolder.MANIFEST)));
  }

  private void write(String host, String path, RenderedFile file) throws IOException {
    Path place = out.resolve(host).resolve(path);
    if (AtomicFile.ensure(place, file.content(), file.permissions())) {
      changed.add(host + "/" + path);
    }
  }

  private void remove(String host, ImmutableSet<String> paths) throws IOException {
    for (String path : paths) {
      Path file = out.resolve(host).resolve(path).normalize();
      if (file.startsWith(out.resolve(host)) && Files.deleteIfExists(file)) {
        changed.add(host + "/" + path);
        removeEmptyFolders(file.getParent());
      }
    }
  }

  private void removeEmptyFolders(@Nullable Path deepest) throws IOException {
    Path folder = deepest;
    while (folder != null && !folder.equals(out)) {
      try {
        Files.delete(folder);
      } catch (DirectoryNotEmptyException _) {
        return;
      }
      folder = folder.getParent();
    }
  }

  private String manifest(String host) throws IOException {
    Path manifest = out.resolve(host).resolve(BundleFolder.MANIFEST);
    return Files.exists(manifest) ? Files.readString(manifest) : "";
  }
}
