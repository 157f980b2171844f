package io.understudy.node.driver.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.understudy.node.spi.DriverException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Kills real processes: each of them was started by the test, in a process group of its own. */
class SelfInflictedTest {

  /** A daemon with a child in a session of its own, as a gateway program is. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws IOException {
      Process child = new ProcessBuilder("setsid", "sleep", "60").start();
      System.out.println(child.pid());
      System.out.flush();
      new SelfInflicted(Optional.empty()).crash();
    }
  }

  private static Process victim(String... before) throws IOException {
    List<String> command = new ArrayList<>(ImmutableList.copyOf(before));
    command.addAll(
        ImmutableList.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  @Test
  void aCrashTakesTheProcessAndAllThatItHasStartedAtOnce() throws Exception {
    Process victim = victim("setsid", "--wait");
    try (BufferedReader said = victim.inputReader(StandardCharsets.UTF_8)) {
      long child = readPid(said);

      assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();

      assertThat(victim.exitValue()).as("killed").isEqualTo(137);
      assertThat(lives(child)).isFalse();
    } finally {
      victim.destroyForcibly();
    }
  }

  private static long readPid(BufferedReader said) throws IOException {
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.matches("[0-9]+")) {
        return Long.parseLong(line);
      }
    }
    throw new AssertionError("the victim did not begin");
  }

  private static boolean lives(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  @Test
  void whoeverStartedItInTheSameGroupIsSpared() throws Exception {
    Process victim = victim();

    assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();

    assertThat(victim.exitValue()).isEqualTo(137);
  }

  @Test
  void aCutIsHandedToWhoeverMayMakeIt() throws Exception {
    List<Duration> cuts = new ArrayList<>();

    new SelfInflicted(Optional.of(cuts::add)).partition(Duration.ofSeconds(45));

    assertThat(cuts).containsExactly(Duration.ofSeconds(45));
  }

  @Test
  void aCutThatIsRefusedSaysWhy() {
    SelfInflicted refused =
        new SelfInflicted(
            Optional.of(_ -> {
              throw new IOException("at most 300 s");
            }));

    assertThatThrownBy(() -> refused.partition(Duration.ofSeconds(45)))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("at most 300 s");
    assertThatThrownBy(() -> new SelfInflicted(Optional.empty()).partition(Duration.ofSeconds(45)))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("configure tunnel-socket");
  }
}
