package io.understudy.bundle.render;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import io.understudy.bundle.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the folder with the bundles says of itself: whose they are, and which folders in it were
 * made by us. Everything else in it is left alone.
 *
 * @param cluster empty while there are none
 */
@Immutable
record OutFolder(Optional<String> cluster, ImmutableSet<String> hosts) {
  static final String MARK = ".understudy";
  private static final String CLUSTER = "cluster ";
  private static final String HOST = "host ";

  /**
   * Looks at the folder, which need not exist.
   *
   * @throws BundleException when it holds something else, or the bundles of another cluster
   */
  static OutFolder read(Path out, String cluster) throws BundleException {
    try {
      if (!Files.exists(out)) {
        return new OutFolder(Optional.empty(), ImmutableSet.of());
      }
      if (!Files.isDirectory(out)) {
        throw new BundleException(out + ": not a directory (name a new one with --out)");
      }
      Path mark = out.resolve(MARK);
      if (!Files.exists(mark)) {
        refuseContents(out);
        return new OutFolder(Optional.empty(), ImmutableSet.of());
      }
      OutFolder found = parse(Files.readString(mark));
      if (!found.cluster().equals(Optional.of(cluster))) {
        throw new BundleException(
            "%s: holds the bundles of cluster %s, not of %s (name another folder with --out)"
                .formatted(out, found.cluster().orElse("without a name"), cluster));
      }
      return found;
    } catch (IOException e) {
      throw new BundleException(out + ": cannot be read (check who owns it)", e);
    }
  }

  /** Refuses to write into the folder of a host that we did not make. */
  void refuseForeign(Path out, String host) throws BundleException {
    Path folder = out.resolve(host);
    boolean exists = Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
    if (exists
        && (!hosts.contains(host) || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))) {
      throw new BundleException(
          folder + ": is not a bundle of ours (move it away, or name another folder with --out)");
    }
  }

  /** Makes the folder where it is missing, and notes what it holds. */
  void write(Path out) throws IOException {
    Files.createDirectories(
        out, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    StringBuilder text = new StringBuilder(CLUSTER + cluster.orElseThrow() + "\n");
    hosts.stream().sorted().forEach(host -> text.append(HOST).append(host).append('\n'));
    RenderedFile mark = RenderedFile.open(MARK, text.toString());
    AtomicFile.ensure(out.resolve(MARK), mark.content(), mark.permissions());
  }

  private static void refuseContents(Path out) throws IOException, BundleException {
    try (Stream<Path> entries = Files.list(out)) {
      Optional<Path> any = entries.sorted().findFirst();
      if (any.isPresent()) {
        throw new BundleException(
            "%s: holds something else (%s); name a new or an empty folder with --out"
                .formatted(out, any.get().getFileName()));
      }
    }
  }

  private static OutFolder parse(String mark) {
    return new OutFolder(
        mark.lines().filter(line -> line.startsWith(CLUSTER)).map(OutFolder::word).findFirst(),
        mark.lines()
            .filter(line -> line.startsWith(HOST))
            .map(OutFolder::word)
            .collect(ImmutableSet.toImmutableSet()));
  }

  private static String word(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }
}
