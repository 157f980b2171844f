package io.understudy.node.driver.systemd;

import static io.understudy.node.spi.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.understudy.node.testing.RealDaemon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real understudyd under a stand-in for systemd: real socket, real signals. */
@Timeout(120)
class WatchedDaemonTest {
  private static final Duration WATCHDOG = Duration.ofMillis(1_500);
  private static final int ANY = -1;
  private static final int TICK_MILLIS = 200;

  @TempDir
  @SuppressWarnings("NullAway.Init") // Set before each test.
  private Path folder;

  private final List<String> heard = new ArrayList<>();

  @Test
  void aDaemonThatIsFrozenIsKilledWhenItsSignsOfLifeStop() throws Exception {
    try (TestingServer zookeeper = server();
        StandInSocket systemd = new StandInSocket(folder.resolve("notify").toString());
        RealDaemon daemon = daemon(zookeeper, systemd)) {
      awaitReady(daemon, systemd);
      eventually("signs of life", () -> heard(systemd, "WATCHDOG=1") >= 4);
      assertThat(heard).anyMatch(line -> line.matches("STATUS=live [A-Z_]+: .+"));
      assertThat(heard(systemd, "READY=1")).isEqualTo(1);

      daemon.signal("STOP");
      long stopped = System.nanoTime();
      killWhenSilent(daemon, systemd);

      assertThat(daemon.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.process().exitValue()).isEqualTo(128 + 9);
      assertThat(Duration.ofNanos(System.nanoTime() - stopped))
          .as("killed within the watchdog's time and what a busy machine adds")
          .isLessThan(WATCHDOG.plusSeconds(5));
    }
  }

  @Test
  void aDaemonThatIsAskedToStopSaysSo() throws Exception {
    try (TestingServer zookeeper = server();
        StandInSocket systemd = new StandInSocket(folder.resolve("notify").toString());
        RealDaemon daemon = daemon(zookeeper, systemd)) {
      awaitReady(daemon, systemd);
      daemon.signal("TERM");
      assertThat(daemon.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.process().exitValue()).isIn(0, 128 + 15);
      assertThat(heard(systemd, "STOPPING=1")).isEqualTo(1);
    }
  }

  private static TestingServer server() throws Exception {
    return new TestingServer(
        new InstanceSpec(null, ANY, ANY, ANY, true, ANY, TICK_MILLIS, ANY), true);
  }

  private RealDaemon daemon(TestingServer zookeeper, StandInSocket systemd) throws Exception {
    return RealDaemon.start(
        folder,
        List.of("connect: " + zookeeper.getConnectString()),
        Map.of(
            "NOTIFY_SOCKET",
            systemd.path(),
            "WATCHDOG_USEC",
            Long.toString(WATCHDOG.toNanos() / 1_000)));
  }

  private void awaitReady(RealDaemon daemon, StandInSocket systemd) {
    eventually(
        "the daemon is ready",
        RealDaemon.START_MAX,
        () -> {
          assertThat(daemon.process().isAlive()).as(daemon.log()).isTrue();
          return heard(systemd, "READY=1") == 1;
        });
  }

  /** How often this was said so far. */
  private long heard(StandInSocket systemd, String line) {
    for (Optional<String> next = systemd.poll(); next.isPresent(); next = systemd.poll()) {
      heard.add(next.orElseThrow());
    }
    return heard.stream().filter(line::equals).count();
  }

  /** As systemd does: SIGKILL once the last sign of life is older than the watchdog's time. */
  private static void killWhenSilent(RealDaemon daemon, StandInSocket systemd) {
    long last = System.nanoTime();
    while (System.nanoTime() - last < WATCHDOG.toNanos()) {
      if (systemd.poll().filter("WATCHDOG=1"::equals).isPresent()) {
        last = System.nanoTime();
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    daemon.process().destroyForcibly();
  }
}
