package io.understudy.bundle.authority;

import com.google.common.collect.ImmutableSet;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.understudy.bundle.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files of one folder that nobody but their owner may see, each replaced as a whole or not at all.
 * One command at a time: the lock file is held until the folder is closed.
 */
final class Folder implements Shelf, AutoCloseable {
  private static final long SIZE_MAX = 1 << 20;
  private static final ImmutableSet<PosixFilePermission> OWNERS_ONLY =
      ImmutableSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path root;
  private final FileChannel lock;

  private Folder(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Opens a folder that exists. */
  static Folder open(Path root) {
    requireOwnersOnly(root, "700");
    try {
      return new Folder(root, locked(root));
    } catch (IOException e) {
      throw failed("lock", root.resolve("lock"), e);
    }
  }

  /** Makes a folder, or takes an empty one. */
  static Folder create(Path root) {
    try {
      createFolders(root);
      try (Stream<Path> files = Files.list(root)) {
        if (files.anyMatch(file -> !file.endsWith("lock"))) {
          throw new AuthorityException(
              root
                  + " is not empty: name a folder that does not exist yet, or remove what a"
                  + " command left there that was interrupted before it had begun.");
        }
      }
    } catch (IOException e) {
      throw failed("make", root, e);
    }
    return open(root);
  }

  @Override
  public Path path(String name) {
    return root.resolve(name);
  }

  boolean has(String name) {
    return Files.exists(path(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** The content of a secret file; empty when there is none. Its mode must keep others out. */
  @Override
  public Optional<String> read(String name) {
    Path file = path(name);
    if (!has(name)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new AuthorityException(
          file + " is not a plain file: put the file itself there, not a link to it.");
    }
    requireOwnersOnly(file, "600");
    try {
      if (Files.size(file) > SIZE_MAX) {
        throw new AuthorityException(
            file + " is larger than 1 MiB and none of the authority's: restore it from a backup.");
      }
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      throw failed("read", file, e);
    }
  }

  /** Replaces or makes a secret file; after a crash it is the old one or the new one. */
  @Override
  public void write(String name, String content) {
    Path file = path(name);
    try {
      AtomicFile.replace(file, content, OWNERS_ONLY);
    } catch (IOException e) {
      throw failed("write", file, e);
    }
  }

  /** Deletes a folder with all that it holds, if there is one. */
  @Override
  public void delete(String name) {
    Path folder = path(name);
    if (!has(name)) {
      return;
    }
    try {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      AtomicFile.sync(parent(folder));
    } catch (IOException e) {
      throw failed("delete", folder, e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw failed("unlock", path("lock"), e);
    }
  }

  private static FileChannel locked(Path root) throws IOException {
    Set<? extends OpenOption> options =
        EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileChannel channel =
        FileChannel.open(
            root.resolve("lock"), options, PosixFilePermissions.asFileAttribute(OWNERS_ONLY));
    if (tryLock(channel) == null) {
      channel.close();
      throw new AuthorityException(
          "Another command works in " + root + ": wait until it has ended, then try again.");
    }
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  private static void requireOwnersOnly(Path path, String mode) {
    Set<PosixFilePermission> permissions;
    try {
      permissions = Files.getPosixFilePermissions(path);
    } catch (UnsupportedOperationException _) {
      throw new AuthorityException(
          path + " lies on a file system without owners and modes: keep the authority elsewhere.");
    } catch (NoSuchFileException _) {
      throw new AuthorityException(
          path
              + " does not exist: name the authority's folder with --authority, or restore it from a"
              + " backup. That of a new cluster is made by `understudy cluster render`.");
    } catch (IOException e) {
      throw failed("read", path, e);
    }
    EnumSet<PosixFilePermission> others = EnumSet.allOf(PosixFilePermission.class);
    others.removeAll(
        EnumSet.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
    others.retainAll(permissions);
    if (!others.isEmpty()) {
      throw new AuthorityException(
          "%s is open to others (%s): run `chmod %s %s`, and if somebody else may have read it, rotate what it holds."
              .formatted(path, PosixFilePermissions.toString(permissions), mode, path));
    }
  }

  private static void createFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      var _ = Files.createDirectories(folder, FOLDER_MODE);
    }
  }

  private static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException(path + " has no parent");
    }
    return parent;
  }

  private static AuthorityException failed(String what, Path path, IOException e) {
    String why =
        switch (e) {
          case AccessDeniedException _ -> "permission denied";
          case FileSystemException file when file.getReason() != null -> file.getReason();
          default -> e.getClass().getSimpleName();
        };
    return new AuthorityException(
        "Cannot %s %s (%s): see to its owner, mode and file system, then try again."
            .formatted(what, path, why));
  }
}
