package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabProcessTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final LabProcesses processes = new LabProcesses();

  @TempDir Path directory;

  @AfterEach
  void endEverything() {
    processes.close();
  }

  @Test
  void aProgramThatEndsWhenAskedIsNotKilled() {
    LabProcess process = start("polite", "trap 'exit 7' TERM; echo ready; sleep 60 & wait");
    awaitReady(process);

    LabProcess.Stopped stopped = process.stop(LIMIT);

    assertThat(stopped.exitCode()).isEqualTo(7);
    assertThat(stopped.killed()).isFalse();
  }

  @Test
  void aProgramThatIgnoresTheRequestIsKilledAfterTheLimit() {
    LabProcess process = start("deaf", "trap '' TERM; echo ready; while :; do sleep 0.05; done");
    awaitReady(process);

    LabProcess.Stopped stopped = process.stop(Duration.ofMillis(200));

    assertThat(stopped.exitCode()).isEqualTo(137);
    assertThat(stopped.killed()).isTrue();
  }

  @Test
  void whatAStoppedProgramLeftBehindIsNamedAndEnded() {
    LabProcess process =
        start("careless", "trap 'exit 0' TERM; setsid sleep 60 & echo ready; wait");
    awaitReady(process);
    ProcessHandle child = onlyChild(process);

    LabProcess.Stopped stopped = process.stop(LIMIT);

    assertThat(stopped.leftBehind()).containsExactly(child.pid());
    assertThat(LabProcess.acts(child)).isFalse();
  }

  @Test
  void aKillReachesTheChildrenToo() {
    LabProcess process = start("parent", "setsid sleep 60 & echo ready; wait");
    awaitReady(process);
    ProcessHandle child = onlyChild(process);

    process.kill();

    assertThat(process.isAlive()).isFalse();
    assertThat(LabProcess.acts(child)).isFalse();
  }

  @Test
  void closingEndsAllAndStartsNoMore() {
    LabProcess first = start("first", "echo ready; exec sleep 60");
    LabProcess second = start("second", "echo ready; exec sleep 60");
    awaitReady(first);
    awaitReady(second);

    processes.close();

    assertThat(first.isAlive()).isFalse();
    assertThat(second.isAlive()).isFalse();
    assertThatThrownBy(() -> start("third", "exec sleep 60"))
        .hasMessage("The lab is being stopped, third is not started");
  }

  @Test
  void aProgramThatEndsInsteadOfGettingReadySaysWhyAndWhere() {
    LabProcess process = start("broken", "echo no such file; exit 3");

    assertThatThrownBy(() -> process.awaitReady(LIMIT, () -> false))
        .isInstanceOf(LabException.class)
        .hasMessageStartingWith("broken ended with status 3 instead of getting ready")
        .hasMessageContaining(process.log().toString())
        .hasMessageEndingWith("no such file");
  }

  @Test
  void aProgramHasNoStandardInputAndItsMemoryCanBeRead() {
    LabProcess process = start("reader", "cat; echo ready; exec sleep 60");
    awaitReady(process);

    assertThat(process.residentKilobytes()).isPositive();
  }

  private LabProcess start(String name, String script) {
    return processes.start(name, List.of("bash", "-c", script), directory.resolve(name + ".log"));
  }

  private static void awaitReady(LabProcess process) {
    process.awaitReady(LIMIT, () -> readLog(process).contains("ready"));
  }

  private static String readLog(LabProcess process) {
    try {
      return Files.readString(process.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessHandle onlyChild(LabProcess process) {
    assertThat(Waiting.until(LIMIT, () -> process.children().size() == 1)).isTrue();
    return process.children().getFirst();
  }
}
