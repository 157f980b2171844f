package io.understudy.node.driver.journal;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.understudy.node.driver.journal.FileJournal.Limits;
import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
  private static final Limits LIMITS =
      new Limits(1L << 20, 3, 10_000, Duration.ZERO, Duration.ofSeconds(20));

  @TempDir private Path parent;

  private Path directory() {
    return parent.resolve("journal");
  }

  private FileJournal journal(Limits limits) throws DriverException {
    return new FileJournal(directory(), limits, JournalFiles::openPrivately);
  }

  @Test
  void aScriptedRunReplaysExactly() throws Exception {
    try (FileJournal journal = journal(LIMITS)) {
      new ScriptedRun(journal).run(100);
    }
    JournalReplay.Result result = JournalReplay.replay(directory());
    assertThat(result.sentence()).contains("every decision was the same");
    assertThat(result.lives()).isEqualTo(1);
    assertThat(result.passes()).isGreaterThan(20);
  }

  @Test
  void aPassThatSawAndDidNothingLeavesNoLine() throws Exception {
    try (FileJournal journal = journal(LIMITS)) {
      new ScriptedRun(journal).run(100);
    }
    assertThat(Files.readAllLines(directory().resolve("journal.jsonl"))).hasSizeLessThan(100);
  }

  @Test
  void onlyTheOwnerMayReadTheJournal() throws Exception {
    try (FileJournal journal = journal(LIMITS)) {
      new ScriptedRun(journal).run(2);
    }
    assertThat(mode(directory())).isEqualTo("rwx------");
    assertThat(mode(directory().resolve("journal.jsonl"))).isEqualTo("rw-------");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aDirectoryThatOthersMayEnterIsRefused() throws Exception {
    Files.createDirectory(
        directory(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    assertThatThrownBy(() -> journal(LIMITS))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("chmod 700");
  }

  @Test
  void filesAreBoundedAndEachCanBeReplayedByItself() throws Exception {
    Limits small = new Limits(20_000, 3, 10_000, Duration.ZERO, Duration.ofSeconds(20));
    try (FileJournal journal = journal(small)) {
      new ScriptedRun(journal).run(1_000);
    }
    assertThat(JournalFiles.inOrder(directory())).hasSize(3);
    for (Path file : JournalFiles.inOrder(directory())) {
      assertThat(Files.size(file)).isLessThan(40_000);
      assertThat(JournalReplay.describe(file)).contains("every decision was the same");
    }
    assertThat(JournalReplay.replay(directory()).exact()).isTrue();
  }

  @Test
  void theNextLifeContinuesBehindALineThatACrashCutOff() throws Exception {
    try (FileJournal journal = journal(LIMITS)) {
      new ScriptedRun(journal).run(20);
    }
    Path file = directory().resolve("journal.jsonl");
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 30));
    try (FileJournal journal = journal(LIMITS)) {
      new ScriptedRun(journal).run(20);
    }
    JournalReplay.Result result = JournalReplay.replay(directory());
    assertThat(result.sentence()).contains("same (lines that were cut off: 1)");
    assertThat(result.lives()).isEqualTo(2);
  }

  @Test
  void aDiskThatHangsNeverHoldsTheLoopAndReplayGoesOnBehindTheGap() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    Limits narrow = new Limits(1L << 20, 3, 4, Duration.ZERO, Duration.ofSeconds(20));
    FileJournal journal =
        new FileJournal(
            directory(),
            narrow,
            file -> {
              awaitUninterruptibly(disk);
              return JournalFiles.openPrivately(file);
            });
    ScriptedRun run = new ScriptedRun(journal);
    run.run(200);
    disk.countDown();
    eventually("the disk is back", () -> Files.exists(directory().resolve("journal.jsonl")));
    eventually(
        "a pass behind the gap is kept",
        () -> {
          run.run(1);
          return lines().contains("Resume");
        });
    journal.close();
    assertThat(JournalReplay.describe(directory())).contains("every decision was the same");
  }

  /** What the file holds; nothing while it does not exist, as for a moment between two files. */
  private String lines() throws IOException {
    try {
      return Files.readString(directory().resolve("journal.jsonl"));
    } catch (NoSuchFileException _) {
      return "";
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aFullDiskLosesPassesAndIsTriedAgain() throws Exception {
    AtomicBoolean full = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    FileJournal journal =
        new FileJournal(
            directory(), LIMITS, file -> new FillingDisk(openFile(file), full, refused));
    ScriptedRun run = new ScriptedRun(journal);
    run.run(50);
    eventually("the first lines are kept", () -> lines().contains("Pass"));
    full.set(true);
    eventually(
        "the disk is full",
        () -> {
          run.run(1);
          return refused.get() > 1;
        });
    full.set(false);
    eventually(
        "it is written again",
        () -> {
          run.run(1);
          return lines().contains("Resume");
        });
    journal.close();
    assertThat(JournalReplay.describe(directory())).contains("every decision was the same");
  }

  private static OutputStream openFile(Path file) throws IOException {
    return JournalFiles.openPrivately(file);
  }

  /** Takes half of what it is given, then has no space left. */
  private static final class FillingDisk extends OutputStream {
    private final OutputStream file;
    private final AtomicBoolean full;
    private final AtomicInteger refused;

    FillingDisk(OutputStream file, AtomicBoolean full, AtomicInteger refused) {
      this.file = file;
      this.full = full;
      this.refused = refused;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      boolean cut = full.get();
      file.write(bytes, offset, cut ? length / 2 : length);
      if (cut) {
        refused.incrementAndGet();
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
