package io.understudy.node.driver.zookeeper;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A private file that has lost its name: this process can open it again through {@link #path}, and
 * nothing of it remains, however the process ends. Linux.
 */
final class NamelessFile implements AutoCloseable {
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final FileChannel channel;
  private final Path path;

  private NamelessFile(FileChannel channel, Path path) {
    this.channel = channel;
    this.path = path;
  }

  static NamelessFile holding(String text) throws IOException {
    Path named =
        Files.createTempFile(
            "understudy-nameless-",
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(named, text);
      FileChannel channel = FileChannel.open(named);
      return new NamelessFile(channel, descriptorOf(named.toRealPath()));
    } finally {
      Files.delete(named);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static Path descriptorOf(Path file) throws IOException {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(OPEN_FILES)) {
      for (Path descriptor : descriptors) {
        if (target(descriptor).filter(file::equals).isPresent()) {
          return descriptor;
        }
      }
    }
    throw new NoSuchFileException(OPEN_FILES + " does not list " + file);
  }

  private static Optional<Path> target(Path descriptor) throws IOException {
    try {
      return Optional.of(Files.readSymbolicLink(descriptor));
    } catch (NoSuchFileException _) {
      // Closed meanwhile.
      return Optional.empty();
    }
  }
}
