package io.understudy.controller.support;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import io.understudy.bundle.doctor.machine.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Files of the host, read as they lie there: a path with a link anywhere on it is not followed,
 * since it could lead to a secret under an innocent name.
 *
 * @param root {@code /} on a real host
 */
public record HostFiles(Path root) {
  /** The file's end, of at most so many bytes and from a line's beginning. */
  public Answer<String> end(String path, int bytesMax) {
    return reading(
        path,
        file -> {
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long from = Math.max(0, channel.size() - bytesMax);
            ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(Math.min(bytesMax, channel.size() - from)));
            channel.position(from);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            return from == 0 ? text : text.substring(text.indexOf('\n') + 1);
          }
        });
  }

  /** The regular files right in a folder, sorted. */
  public Answer<ImmutableList<String>> in(String folder) {
    return reading(
        folder,
        directory -> {
          try (Stream<Path> files = Files.list(directory)) {
            return files
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .map(file -> folder + "/" + file.getFileName())
                .sorted()
                .collect(toImmutableList());
          }
        });
  }

  private interface Reading<T> {
    T from(Path file) throws IOException;
  }

  private <T> Answer<T> reading(String path, Reading<T> reading) {
    try {
      Path base = root.toRealPath();
      Path file = base.resolve(Path.of("/").relativize(Path.of(path).normalize()));
      if (!file.toRealPath().equals(file)) {
        return Answer.unknown(Answer.Cause.FAILED, path + " is reached by a link, not followed");
      }
      return Answer.known(reading.from(file));
    } catch (NoSuchFileException _) {
      return Answer.unknown(Answer.Cause.ABSENT, path + " does not exist");
    } catch (AccessDeniedException _) {
      return Answer.unknown(
          Answer.Cause.NOT_PERMITTED, path + " may not be read by this user (run it as root)");
    } catch (IOException | IllegalArgumentException e) {
      return Answer.unknown(Answer.Cause.FAILED, path + " cannot be read: " + e.getMessage());
    }
  }
}
