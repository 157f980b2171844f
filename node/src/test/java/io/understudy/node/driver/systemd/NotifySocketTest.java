package io.understudy.node.driver.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.spi.Supervisor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySocketTest {
  private static final String OWN_PID = Long.toString(ProcessHandle.current().pid());

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyMessageArrivesByPathAndByAbstractName(boolean isAbstract) {
    String path =
        isAbstract ? "@understudy-" + UUID.randomUUID() : directory.resolve("notify").toString();
    try (StandInSocket systemd = new StandInSocket(path)) {
      Supervisor manager = NotifySocket.of(Map.of("NOTIFY_SOCKET", path));
      manager.ready();
      manager.alive();
      manager.status("live SERVING: holds the lease\nREADY=1");
      manager.stopping();

      assertThat(systemd.poll()).hasValue("READY=1");
      assertThat(systemd.poll()).hasValue("WATCHDOG=1");
      assertThat(systemd.poll())
          .as("a sentence cannot become another assignment")
          .hasValue("STATUS=live SERVING: holds the lease READY=1");
      assertThat(systemd.poll()).hasValue("STOPPING=1");
      assertThat(systemd.poll()).isEmpty();
    }
  }

  @Test
  void withoutASocketNobodyIsToldAnything() {
    Supervisor manager = NotifySocket.of(Map.of("WATCHDOG_USEC", "3000000"));
    assertThat(manager.watchdogTimeout()).isEmpty();
    manager.ready();
    manager.alive();
    manager.stopping();
    manager.status("nothing");
  }

  @Test
  void theWatchdogsTimeIsReadUnlessItIsAnotherProcess() {
    String socket = directory.resolve("notify").toString();
    assertThat(timeout(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "3000000")))
        .isEqualTo(Duration.ofSeconds(3));
    assertThat(
            timeout(
                Map.of(
                    "NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "500000", "WATCHDOG_PID", OWN_PID)))
        .isEqualTo(Duration.ofMillis(500));
    assertThat(
            timeout(
                Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "500000", "WATCHDOG_PID", "1")))
        .isZero();
    assertThat(timeout(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "soon"))).isZero();
    assertThat(timeout(Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "0"))).isZero();
    assertThat(timeout(Map.of("NOTIFY_SOCKET", socket))).isZero();
  }

  private static Duration timeout(Map<String, String> environment) {
    return NotifySocket.of(environment).watchdogTimeout().orElse(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relative", "@"})
  void aSocketThatCannotBeUsedIsNoReasonToFail(String path) {
    NotifySocket.of(Map.of("NOTIFY_SOCKET", path)).ready();
  }

  @Test
  void aSocketThatNobodyReadsIsNoReasonToFailOrToWait() {
    String path = directory.resolve("notify").toString();
    Supervisor manager = NotifySocket.of(Map.of("NOTIFY_SOCKET", path));
    manager.ready();
    try (StandInSocket systemd = new StandInSocket(path)) {
      for (int i = 0; i < 5_000; i++) {
        manager.alive();
      }
      assertThat(systemd.poll()).hasValue("WATCHDOG=1");
    }
    manager.alive();
  }
}
