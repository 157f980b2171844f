package io.understudy.bundle;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files that are there as a whole or as they were, after a crash and a power loss too. Folders that
 * are missing are made for their owner alone.
 */
public final class AtomicFile {
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private AtomicFile() {}

  /** Makes or replaces a file. Before it has these permissions nobody but its owner can read it. */
  public static void replace(
      Path file, String content, ImmutableSet<PosixFilePermission> permissions) throws IOException {
    Path folder = parent(file);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, OWNERS_FOLDER);
    }
    Path draft = folder.resolve("." + file.getFileName() + ".new");
    Files.deleteIfExists(draft);
    try {
      write(draft, content);
      Files.setPosixFilePermissions(draft, permissions);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
    sync(folder);
  }

  /** As {@link #replace}, and not at all when all is right. Returns whether anything was done. */
  @CanIgnoreReturnValue // Not everybody counts.
  public static boolean ensure(
      Path file, String content, ImmutableSet<PosixFilePermission> permissions) throws IOException {
    boolean same =
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Arrays.equals(Files.readAllBytes(file), content.getBytes(StandardCharsets.UTF_8));
    if (!same) {
      replace(file, content, permissions);
      return true;
    }
    if (Files.getPosixFilePermissions(file).equals(permissions)) {
      return false;
    }
    Files.setPosixFilePermissions(file, permissions);
    return true;
  }

  /** Makes a rename or a removal in this folder last. */
  public static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void write(Path draft, String content) throws IOException {
    EnumSet<StandardOpenOption> fresh =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(draft, fresh, OWNERS_FILE)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        var _ = channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static Path parent(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is in no folder");
    }
    return folder;
  }
}
