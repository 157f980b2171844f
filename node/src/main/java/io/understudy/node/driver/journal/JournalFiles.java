package io.understudy.node.driver.journal;

import com.google.common.collect.ImmutableList;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a journal: {@code journal.jsonl} is written, {@code journal.1.jsonl} is the one
 * before it, and so on. One thread.
 */
final class JournalFiles implements AutoCloseable {
  private static final int LINE_END = '\n';

  private final Path directory;
  private final long bytesMax;
  private final int count;
  private final Opener opener;
  private Optional<Open> out = Optional.empty();
  private long size;

  /**
   * The current file, and the lines that wait to be written together. Only the file is closed:
   * closing the buffer would write again what has just failed half-way.
   */
  private record Open(OutputStream file, BufferedOutputStream buffer) {
    Open(OutputStream file) {
      this(file, new BufferedOutputStream(file));
    }
  }

  /** Opens a file to append to it. */
  @FunctionalInterface
  interface Opener {
    OutputStream open(Path file) throws IOException;
  }

  /**
   * Opens nothing yet.
   *
   * @param bytesMax when the next file is begun
   * @param count how many files are kept, with the one being written
   */
  JournalFiles(Path directory, long bytesMax, int count, Opener opener) {
    this.directory = directory;
    this.bytesMax = bytesMax;
    this.count = count;
    this.opener = opener;
  }

  static OutputStream openPrivately(Path file) throws IOException {
    return Channels.newOutputStream(
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }

  /** Every file that there may be, oldest first. */
  static ImmutableList<Path> inOrder(Path directory) throws IOException {
    ImmutableList.Builder<Path> files = ImmutableList.builder();
    int age = 1;
    while (Files.exists(file(directory, age))) {
      files.add(file(directory, age));
      age++;
    }
    ImmutableList<Path> older = files.build().reverse();
    return Files.exists(file(directory, 0))
        ? ImmutableList.<Path>builder().addAll(older).add(file(directory, 0)).build()
        : older;
  }

  private static Path file(Path directory, int age) {
    return directory.resolve(age == 0 ? "journal.jsonl" : "journal." + age + ".jsonl");
  }

  Path current() {
    return file(directory, 0);
  }

  boolean isOpen() {
    return out.isPresent();
  }

  boolean full() {
    return size >= bytesMax;
  }

  /** Appends to the current file; a line that a crash cut off is ended first. */
  void open() throws IOException {
    boolean cutOff = endsWithinLine(current());
    size = Files.exists(current()) ? Files.size(current()) : 0;
    Open opened = new Open(opener.open(current()));
    out = Optional.of(opened);
    if (cutOff) {
      opened.buffer().write(LINE_END);
    }
  }

  private static boolean endsWithinLine(Path file) throws IOException {
    if (!Files.exists(file) || Files.size(file) == 0) {
      return false;
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.position(channel.size() - 1);
      return channel.read(last) == 1 && last.get(0) != LINE_END;
    }
  }

  /** Every file grows older by one, the oldest goes, and a new one is begun. */
  void roll() throws IOException {
    flush();
    close();
    for (int age = count - 1; age > 0; age--) {
      if (Files.exists(file(directory, age - 1))) {
        Files.move(
            file(directory, age - 1), file(directory, age), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    open();
  }

  void line(String line) throws IOException {
    byte[] bytes = (line + (char) LINE_END).getBytes(StandardCharsets.UTF_8);
    out.orElseThrow().buffer().write(bytes);
    size += bytes.length;
  }

  void flush() throws IOException {
    if (out.isPresent()) {
      out.orElseThrow().buffer().flush();
    }
  }

  /** Closes the file; what was not flushed is lost. */
  @Override
  public void close() {
    try {
      if (out.isPresent()) {
        out.orElseThrow().file().close();
      }
    } catch (IOException _) {
      // The stream counts as closed, and its file is opened anew.
    }
    out = Optional.empty();
  }
}
