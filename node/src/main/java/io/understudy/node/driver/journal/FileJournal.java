package io.understudy.node.driver.journal;

import com.google.common.collect.ImmutableList;
import io.understudy.node.config.PrivateDirectory;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.model.Now;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.Journal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in a directory that only this user may enter: a line of JSON for each pass, in files
 * of bounded size, of which the newest few are kept. A crash of the process loses the lines of its
 * last moments, a crash of the machine what the system had not yet written.
 *
 * <p>Called by the loop's thread, which never waits for a disk: passes go through a bounded queue
 * to the journal's own thread. When the queue is full they are dropped, which is told once; the
 * next one that is kept says again what was known before it, so that a replay can go on from there.
 *
 * <p>A pass that saw nothing, asked for nothing and changed nothing leaves no line: deciding it
 * again could change nothing either.
 */
public final class FileJournal implements Journal {
  private static final Logger log = LoggerFactory.getLogger(FileJournal.class);

  private final BlockingQueue<JournalWriter.Entry> entries;
  private final Duration closeTimeout;
  private final Thread writer;
  private Optional<JournalLine.Resume> known = Optional.empty();
  private boolean gap;
  private long dropped;

  /**
   * The bounds of a journal.
   *
   * @param fileBytesMax when the next file is begun
   * @param files how many are kept, with the one being written
   * @param queue how many passes may wait for the disk
   * @param retryAfter how long after a failed write the next one is tried
   * @param closeTimeout how long closing waits for the disk
   */
  record Limits(
      long fileBytesMax, int files, int queue, Duration retryAfter, Duration closeTimeout) {
    static final Limits DEFAULT =
        new Limits(64L << 20, 3, 2_048, Duration.ofSeconds(10), Duration.ofSeconds(2));
  }

  /**
   * Appends to the journal in {@code directory}, which is created if it is missing.
   *
   * @throws DriverException permanent: the directory cannot be used; the sentence says why
   */
  public FileJournal(Path directory) throws DriverException {
    this(directory, Limits.DEFAULT, JournalFiles::openPrivately);
  }

  FileJournal(Path directory, Limits limits, JournalFiles.Opener opener) throws DriverException {
    entries = new ArrayBlockingQueue<>(limits.queue());
    closeTimeout = limits.closeTimeout();
    JournalFiles files =
        new JournalFiles(
            PrivateDirectory.prepare(directory), limits.fileBytesMax(), limits.files(), opener);
    writer =
        Thread.ofPlatform()
            .name("journal")
            .daemon()
            .start(new JournalWriter(entries, files, limits.retryAfter()));
  }

  @Override
  public void begin(NodeSettings settings, Now now) {
    known =
        Optional.of(
            new JournalLine.Resume(
                settings, Observations.none(now.monotonic()), NodeState.initial(settings, now)));
    offer(new JournalWriter.Entry.Life(new JournalLine.Begin(now, settings)));
  }

  @Override
  public void pass(Now now, ImmutableList<Observation> observations, Decision decision) {
    JournalLine.Resume before = beforePass();
    Observations seen = before.seen();
    for (Observation observation : observations) {
      seen = seen.with(observation, now);
    }
    known =
        Optional.of(
            new JournalLine.Resume(before.settings(), seen.after(decision), decision.next()));
    boolean idle =
        observations.isEmpty()
            && decision.effects().isEmpty()
            && decision.transitions().isEmpty()
            && decision.next().equals(before.state());
    if (!idle) {
      JournalLine.Pass line =
          new JournalLine.Pass(now, observations, decision.effects(), decision.transitions());
      offer(new JournalWriter.Entry.Step(line, before, gap));
    }
  }

  @Override
  public void failed(Now now, ImmutableList<Observation> observations, RuntimeException bug) {
    JournalLine line = new JournalLine.Failure(now, observations, bug.toString());
    offer(new JournalWriter.Entry.Step(line, beforePass(), gap));
  }

  private JournalLine.Resume beforePass() {
    return known.orElseThrow(() -> new IllegalStateException("a pass before the life began"));
  }

  private void offer(JournalWriter.Entry entry) {
    gap = !entries.offer(entry);
    if (gap && dropped == 0) {
      log.warn("Journal cannot keep up with the loop, passes are dropped (is the disk slow?)");
    }
    dropped += gap ? 1 : 0;
  }

  /** Writes what is waiting, as far as the disk takes it within the time for closing. */
  @Override
  public void close() {
    long until = System.nanoTime() + closeTimeout.toNanos();
    try {
      boolean accepted =
          entries.offer(
              new JournalWriter.Entry.End(), closeTimeout.toNanos(), TimeUnit.NANOSECONDS);
      if (accepted) {
        writer.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    writer.interrupt();
    if (dropped > 0) {
      log.warn("Journal closed, passes were dropped dropped={}", dropped);
    }
  }
}
