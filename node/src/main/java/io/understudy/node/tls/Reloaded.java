package io.understudy.node.tls;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a few files say together, as of their last sound state. A change counts once two looks in a
 * row have seen the same: whoever replaces a certificate and then its key is not judged in between.
 * Files that cannot be used leave the former value in effect, and one WARN a change says why.
 *
 * <p>Any thread reads {@link #current}; one thread at a time looks.
 */
public final class Reloaded<T> implements Watched {
  private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);

  /** Of a file: its change time moves with owner and mode too, its number with a replacement. */
  private static final String STAMP = "unix:ino,size,lastModifiedTime,ctime";

  private final String name;
  private final ImmutableList<Path> files;
  private final Reading<T> reading;
  private final List<Taking<T>> takers = new CopyOnWriteArrayList<>();
  private volatile T current;
  private ImmutableMap<Path, Map<String, Object>> judged;
  private ImmutableMap<Path, Map<String, Object>> seen;

  /** Reads all files and checks that they fit together. */
  @FunctionalInterface
  public interface Reading<T> {
    /**
     * Reads them.
     *
     * @throws DriverException with one sentence that names the file and the remedy
     */
    T read() throws DriverException;
  }

  /** Does something with a new value, before it is in effect. */
  @FunctionalInterface
  public interface Taking<T> {
    /**
     * Takes it.
     *
     * @throws DriverException the value is not used
     */
    void take(T value) throws DriverException;
  }

  private Reloaded(
      String name,
      ImmutableList<Path> files,
      Reading<T> reading,
      T current,
      ImmutableMap<Path, Map<String, Object>> judged) {
    this.name = name;
    this.files = files;
    this.reading = reading;
    this.current = current;
    this.judged = judged;
    this.seen = judged;
  }

  /**
   * Reads for the first time.
   *
   * @param name in the log
   */
  public static <T> Reloaded<T> of(String name, ImmutableList<Path> files, Reading<T> reading)
      throws DriverException {
    ImmutableMap<Path, Map<String, Object>> stamps = stamps(files);
    return new Reloaded<>(name, files, reading, reading.read(), stamps);
  }

  /** The value in effect. */
  public T current() {
    return current;
  }

  /** Hands the value in effect over at once, and each later one on the thread that looks. */
  public void follow(Taking<T> taker) throws DriverException {
    taker.take(current);
    takers.add(taker);
  }

  @Override
  public void look(Instant now) {
    ImmutableMap<Path, Map<String, Object>> before = seen;
    seen = stamps(files);
    if (seen.equals(judged) || !seen.equals(before)) {
      return;
    }
    judged = seen; // Once a change, also when a reader or a taker fails by a bug.
    try {
      T read = reading.read();
      if (!stamps(files).equals(seen)) {
        return; // Changed while it was read: another look.
      }
      for (Taking<T> taker : takers) {
        taker.take(read);
      }
      current = read;
      LOG.info("Took new files into effect name={} files={}", name, files);
    } catch (DriverException e) {
      LOG.warn(
          "Kept the former files in effect name={}, because the new ones cannot be used: {}",
          name,
          e.getMessage());
    }
  }

  /** A file that is not there has an empty stamp. */
  private static ImmutableMap<Path, Map<String, Object>> stamps(ImmutableList<Path> files) {
    ImmutableMap.Builder<Path, Map<String, Object>> stamps = ImmutableMap.builder();
    for (Path file : files) {
      Map<String, Object> stamp;
      try {
        stamp = Files.readAttributes(file, STAMP);
      } catch (IOException _) {
        stamp = ImmutableMap.of();
      }
      stamps.put(file, stamp);
    }
    return stamps.buildKeepingLast();
  }
}
