package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClockAgentTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path directory;

  /** Prints the time until it is ended. */
  static final class Watch {
    private Watch() {}

    public static void main(String[] arguments) throws InterruptedException {
      while (true) {
        System.out.println(Instant.now() + " " + InstantSource.system().instant());
        Thread.sleep(20);
      }
    }
  }

  @Test
  void theWallClockOfAJvmIsSteppedWhileItRuns() {
    Path file = directory.resolve("clock");
    ImmutableList<String> command =
        JavaCommand.of()
            .with(ImmutableList.of(ClockAgent.option(file)))
            .classPath(System.getProperty("java.class.path"))
            .main(Watch.class.getName());
    try (LabProcesses processes = new LabProcesses()) {
      LabProcess watch = processes.start("the watch", command, directory.resolve("watch.log"));
      watch.awaitReady(LIMIT, () -> watch.said("Z"));
      Instant start = Instant.now();
      assertThat(last(watch)).isBetween(start.minusSeconds(10), start.plusSeconds(10));

      ClockAgent.step(file, 3600);
      assertThat(Waiting.until(LIMIT, () -> last(watch).isAfter(start.plusSeconds(3590)))).isTrue();

      ClockAgent.step(file, -3600);
      assertThat(Waiting.until(LIMIT, () -> last(watch).isBefore(start.minusSeconds(3500))))
          .isTrue();
    }
  }

  /** The time in the last whole line, when both ways of asking agree about the hour. */
  private static Instant last(LabProcess watch) {
    String[] times =
        watch.log().toFile().exists() ? lastLine(watch.log()).split(" ", 2) : new String[0];
    Instant first = Instant.parse(times[0]);
    assertThat(Instant.parse(times[1])).isBetween(first.minusSeconds(5), first.plusSeconds(5));
    return first;
  }

  private static String lastLine(Path log) {
    try {
      String text = java.nio.file.Files.readString(log);
      return text.substring(0, text.lastIndexOf('\n')).lines().toList().getLast();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
