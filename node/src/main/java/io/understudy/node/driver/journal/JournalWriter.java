package io.understudy.node.driver.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's own thread: takes entries, encodes them, writes them. While it waits for a disk the
 * loop goes on. When writing fails it says so once, forgets what comes, and tries again later.
 */
final class JournalWriter implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(JournalWriter.class);

  private final BlockingQueue<Entry> entries;
  private final JournalFiles files;
  private final Duration retryAfter;
  private final JournalCodec codec = new JournalCodec();
  private long lost;
  private boolean told;
  private boolean gap;
  private long failedAt;

  /** What the loop hands over. Immutable values only: nothing is copied. */
  sealed interface Entry {
    record Life(JournalLine.Begin line) implements Entry {}

    /**
     * One pass, also one that failed.
     *
     * @param before what a replay needs to begin here
     * @param gap passes before this one were dropped
     */
    record Step(JournalLine line, JournalLine.Resume before, boolean gap) implements Entry {}

    /** Nothing follows. */
    record End() implements Entry {}
  }

  JournalWriter(BlockingQueue<Entry> entries, JournalFiles files, Duration retryAfter) {
    this.entries = entries;
    this.files = files;
    this.retryAfter = retryAfter;
  }

  @Override
  public void run() {
    try {
      Entry entry;
      do {
        entry = entries.take();
        keep(entry);
      } while (!(entry instanceof Entry.End));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("Journal ended by a bug, the node goes on without one", e);
    } finally {
      files.close();
    }
  }

  private void keep(Entry entry) {
    if (told && System.nanoTime() - failedAt < retryAfter.toNanos()) {
      lost++;
      return;
    }
    try {
      write(entry);
      if (entries.isEmpty()) {
        files.flush();
        recovered();
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  private void write(Entry entry) throws IOException {
    if (!files.isOpen()) {
      files.open();
    }
    boolean fresh = files.full();
    if (fresh) {
      files.roll();
    }
    switch (entry) {
      case Entry.Life life -> files.line(codec.encode(life.line()));
      case Entry.Step step -> {
        if (fresh || gap || step.gap()) {
          files.line(codec.encode(step.before()));
        }
        files.line(codec.encode(step.line()));
      }
      case Entry.End _ -> {}
    }
    gap = false;
  }

  private void failed(IOException e) {
    files.close();
    gap = true;
    lost++;
    failedAt = System.nanoTime();
    if (!told) {
      told = true;
      log.warn(
          "Journal not written, passes are lost file={} cause=\"{}\"",
          files.current(),
          e.getMessage());
    }
  }

  private void recovered() {
    if (told) {
      log.info("Journal written again file={} lost={}", files.current(), lost);
      told = false;
      lost = 0;
    }
  }
}
