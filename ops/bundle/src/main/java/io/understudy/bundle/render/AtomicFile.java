package io.understudy.bundle.render;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** Writes one file so that it is there as a whole or as it was, and not at all when it is right. */
final class AtomicFile {
  private AtomicFile() {}

  /** Returns whether anything had to be written. */
  @CanIgnoreReturnValue // Not everybody counts.
  static boolean write(Path path, RenderedFile file) throws IOException {
    byte[] content = file.content().getBytes(StandardCharsets.UTF_8);
    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        && Arrays.equals(Files.readAllBytes(path), content)) {
      if (Files.getPosixFilePermissions(path).equals(file.permissions())) {
        return false;
      }
      Files.setPosixFilePermissions(path, file.permissions());
      return true;
    }
    Path folder = path.getParent();
    if (folder == null) {
      throw new IOException(path + " is in no folder");
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path draft = Files.createTempFile(folder, ".draft", "");
    try {
      Files.write(draft, content);
      Files.setPosixFilePermissions(draft, file.permissions());
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    return true;
  }
}
