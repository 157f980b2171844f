package io.understudy.node.tls;

import com.google.common.collect.ImmutableList;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that looks at the files which may be replaced under a running daemon. It asks for
 * their time stamps and reads a file only after a change; a notification by the kernel would miss
 * what is replaced behind a symbolic link.
 */
public final class FileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  /** A change is in effect after two looks, thus within a second. */
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("file-watch").daemon(true).factory());

  private FileWatch() {}

  public static FileWatch start(ImmutableList<Watched> all) {
    FileWatch watch = new FileWatch();
    var _ =
        watch.executor.scheduleWithFixedDelay(
            () -> all.forEach(FileWatch::look), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return watch;
  }

  private static void look(Watched watched) {
    try {
      watched.look(Instant.now());
    } catch (RuntimeException e) {
      LOG.error("Failed to look at files by a bug", e);
    }
  }

  @Override
  public void close() {
    var _ = executor.shutdownNow();
  }
}
