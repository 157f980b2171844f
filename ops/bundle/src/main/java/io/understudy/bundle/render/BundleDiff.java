package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What rendering would change in the folder with the bundles. Contents of secret files are never
 * part of it.
 *
 * @param changes in the order of hosts, then of paths
 */
@Immutable
public record BundleDiff(ImmutableList<Change> changes) {
  /** What happens to a file. */
  public enum Kind {
    ADDED,
    REMOVED,
    CHANGED
  }

  /**
   * One file of one host.
   *
   * @param path within the host's folder
   * @param details a unified diff or a remark, lines with their ends; may be empty
   */
  @Immutable
  public record Change(String host, String path, Kind kind, String details) {}

  /**
   * Compares what lies in the folder with the bundles.
   *
   * @throws BundleException as {@link BundleWriter#write} would
   */
  public static BundleDiff of(Path out, String cluster, ImmutableList<Bundle> bundles)
      throws BundleException {
    OutFolder folder = OutFolder.read(out, cluster);
    ImmutableList.Builder<Change> changes = ImmutableList.builder();
    ImmutableMap.Builder<String, ImmutableMap<String, RenderedFile>> wanted =
        ImmutableMap.builder();
    for (Bundle bundle : bundles) {
      folder.refuseForeign(out, bundle.host().id());
      wanted.put(bundle.host().id(), BundleFolder.lay(bundle));
    }
    for (String host : folder.hosts()) {
      if (bundles.stream().noneMatch(bundle -> bundle.host().id().equals(host))) {
        wanted.put(host, ImmutableMap.of());
      }
    }
    try {
      for (Map.Entry<String, ImmutableMap<String, RenderedFile>> host :
          wanted.buildOrThrow().entrySet()) {
        changes.addAll(compare(out, host.getKey(), host.getValue()));
      }
    } catch (IOException e) {
      throw new BundleException(out + ": cannot be read (check who owns it)", e);
    }
    return new BundleDiff(changes.build());
  }

  /** As text for people; empty when nothing would change. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Change change : changes) {
      String sign =
          switch (change.kind()) {
            case ADDED -> "new      ";
            case REMOVED -> "gone     ";
            case CHANGED -> "changed  ";
          };
      text.append(sign).append(change.host()).append('/').append(change.path()).append('\n');
      text.append(change.details());
    }
    return text.toString();
  }

  private static ImmutableList<Change> compare(
      Path out, String host, ImmutableMap<String, RenderedFile> wanted) throws IOException {
    Path folder = out.resolve(host);
    Path manifest = folder.resolve(BundleFolder.MANIFEST);
    ImmutableSet<String> known =
        Files.exists(manifest)
            ? BundleFolder.listed(Files.readString(manifest))
            : ImmutableSet.of();
    TreeSet<String> paths = new TreeSet<>(wanted.keySet());
    known.stream().filter(path -> Files.exists(folder.resolve(path))).forEach(paths::add);
    ImmutableList.Builder<Change> changes = ImmutableList.builder();
    for (String path : paths) {
      compare(host, path, folder.resolve(path), Optional.ofNullable(wanted.get(path)))
          .ifPresent(changes::add);
    }
    return changes.build();
  }

  private static Optional<Change> compare(
      String host, String path, Path file, Optional<RenderedFile> wanted) throws IOException {
    if (wanted.isEmpty()) {
      return Optional.of(new Change(host, path, Kind.REMOVED, ""));
    }
    if (!Files.exists(file)) {
      return Optional.of(new Change(host, path, Kind.ADDED, ""));
    }
    String details = details(file, wanted.get());
    return details.isEmpty()
        ? Optional.empty()
        : Optional.of(new Change(host, path, Kind.CHANGED, details));
  }

  private static String details(Path file, RenderedFile wanted) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    boolean wasOpen = permissions.contains(PosixFilePermission.OTHERS_READ);
    String mode =
        permissions.equals(wanted.permissions())
            ? ""
            : "  its mode becomes " + wanted.mode() + "\n";
    String before = Files.readString(file);
    if (before.equals(wanted.content())) {
      return mode;
    }
    return mode
        + (wanted.secret() || !wasOpen
            ? "  a secret file: its contents are not shown\n"
            : UnifiedDiff.of(before, wanted.content()));
  }
}
