package io.understudy.node.driver.clientportal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.gateway.GatewayStatus.ProcessState;
import io.understudy.node.core.gateway.GatewayStatus.SessionState;
import io.understudy.node.driver.clientportal.ClientPortalSettings.Program;
import io.understudy.node.spi.DriverException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway program as our child, without any login. */
@Timeout(120)
final class GatewayProcessTest {
  private static final Duration FENCE = Duration.ofSeconds(5);

  @TempDir private Path folder;

  @Test
  void startsListensFencesAndLeavesNothingBehind() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver = ibkr.driver()) {
      assertThat(driver.probe().process()).isEqualTo(ProcessState.STOPPED);

      GatewayStatus started = driver.start();
      long pid = pid(ibkr);
      assertThat(started.process()).isEqualTo(ProcessState.LISTENING);
      assertThat(started.session()).isEqualTo(SessionState.LOGGED_OUT);
      assertThat(driver.start().process()).isEqualTo(ProcessState.LISTENING);
      assertThat(pid(ibkr)).as("a second start changes nothing").isEqualTo(pid);
      assertThat(driver.probe().harmless()).isTrue();
      assertThat(ibkr.report().path("logins").path("total").asInt()).isZero();

      driver.fence(FENCE);

      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
      assertPortClosed(ibkr.gatewayPort());
      assertThat(driver.probe().process()).isEqualTo(ProcessState.STOPPED);
      driver.fence(FENCE);
      driver.logout(FENCE);
    }
  }

  @Test
  void aProgramThatIsKilledIsSeenToHaveEndedAndCanBeStartedAgain() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver = ibkr.driver()) {
      var _ = driver.start();
      long killed = pid(ibkr);

      driver.kill();
      await(() -> driver.probe().process() == ProcessState.STOPPED);

      assertThat(driver.probe().detail()).contains("137");
      assertThat(driver.start().process()).isEqualTo(ProcessState.LISTENING);
      assertThat(pid(ibkr)).isNotEqualTo(killed);
      driver.fence(FENCE);
      assertThatThrownBy(driver::kill)
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("does not run");
    }
  }

  @Test
  void everythingThatTheGatewayKnowsIsPrivate() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver = ibkr.driver()) {
      var _ = driver.start();
      Path base = ibkr.stateDirectory().resolve("client-portal/live");
      try (Stream<Path> files = Files.walk(base)) {
        for (Path file : files.filter(path -> !Files.isSymbolicLink(path)).toList()) {
          if (file.startsWith(base.resolve("run/logs")) && Files.isRegularFile(file)) {
            continue; // Written by the program; its directory keeps others out.
          }
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .endsWith("------");
        }
      }
      String command =
          ProcessHandle.of(pid(ibkr)).flatMap(p -> p.info().commandLine()).orElseThrow();
      String password =
          Files.readAllLines(base.resolve("run/root/conf.yaml")).stream()
              .filter(line -> line.startsWith("sslPwd"))
              .map(line -> line.replaceAll(".*\"(.*)\".*", "$1"))
              .findFirst()
              .orElseThrow();
      assertThat(password).hasSize(32);
      assertThat(command).doesNotContain(password);
      driver.fence(FENCE);
    }
  }

  @Test
  void gatewayOfAFormerLifeIsFoundAndEndedByStart() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver former = ibkr.driver();
        ClientPortalDriver driver = ibkr.driver()) {
      var _ = former.start();
      long orphan = pid(ibkr);
      assertThat(driver.probe().harmless()).as("before anybody looked after it").isFalse();

      assertThat(driver.start().process()).isEqualTo(ProcessState.LISTENING);

      assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
      assertThat(pid(ibkr)).isNotEqualTo(orphan);
      driver.fence(FENCE);
    }
  }

  @Test
  void gatewayOfAFormerLifeIsEndedByFenceEvenWithoutItsPidFile() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver former = ibkr.driver();
        ClientPortalDriver driver = ibkr.driver()) {
      var _ = former.start();
      long orphan = pid(ibkr);
      Files.delete(ibkr.stateDirectory().resolve("client-portal/live/gateway.pid"));

      driver.fence(FENCE);

      assertThat(ProcessHandle.of(orphan).filter(ProcessHandle::isAlive)).isEmpty();
      assertPortClosed(ibkr.gatewayPort());
    }
  }

  @Test
  void browserOfAFormerLifeIsEndedToo() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver = ibkr.driver()) {
      Path base = new RunDirectory(ibkr.settings()).base();
      Process browser =
          new ProcessBuilder("tail", "-f", "/dev/null", "--", OwnProcesses.browserMarker(base))
              .start();
      GatewayProcessTest.await(() -> !driver.probe().harmless());

      driver.fence(FENCE);

      assertThat(browser.isAlive()).isFalse();
    }
  }

  @Test
  void pidOfSomebodyElseInThePidFileIsLeftAlone() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver = ibkr.driver()) {
      Path base = PrivateFiles.directory(ibkr.stateDirectory().resolve("client-portal/live"));
      OwnProcesses.record(stranger.toHandle(), base.resolve("gateway.pid"));

      driver.fence(FENCE);

      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void busyPortIsNamedWithItsRemedyAndNothingIsStarted() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ServerSocket other = new ServerSocket(0);
        ClientPortalDriver driver = ibkr.driver(change -> change.port(other.getLocalPort()))) {
      assertThatThrownBy(driver::start)
          .isInstanceOf(DriverException.class)
          .hasMessage(
              "Port "
                  + other.getLocalPort()
                  + " of gateway 'live' is in use by another program: end that program or choose"
                  + " another gateway.port");
      assertThat(driver.probe().process()).isEqualTo(ProcessState.STOPPED);
      driver.fence(FENCE);
    }
  }

  @Test
  void missingProgramIsNamed() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver =
            ibkr.driver(change ->
                change.program(
                    new Program(
                        folder.resolve("nowhere"),
                        change.settings().program().java(),
                        ImmutableList.of())))) {
      assertThatThrownBy(driver::start)
          .hasMessageContaining("nowhere")
          .hasMessageContaining("correct gateway.program");
    }
  }

  @Test
  void programThatEndsAtOnceIsReportedWithItsExitCodeAndItsLastWords() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver =
            ibkr.driver(change ->
                change.program(
                    new Program(
                        change.settings().program().directory(),
                        change.settings().program().java(),
                        ImmutableList.of("-XX:NoSuchOption"))))) {
      assertThatThrownBy(driver::start)
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("ended with 1")
          .hasMessageContaining("it said:");
      assertThat(driver.probe().process()).isEqualTo(ProcessState.STOPPED);
    }
  }

  @Test
  void javaThatDoesNotExistIsNamed() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder);
        ClientPortalDriver driver =
            ibkr.driver(change ->
                change.program(
                    new Program(
                        change.settings().program().directory(),
                        Path.of("/nonexistent/java"),
                        ImmutableList.of())))) {
      assertThatThrownBy(driver::start)
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("/nonexistent/java");
    }
  }

  @Test
  void programThatHangsIsGivenUpAndEnded() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder, "start-fault=hang");
        ClientPortalDriver driver =
            ibkr.driver(change -> change.timings(shortStart(Duration.ofSeconds(3))))) {
      assertThatThrownBy(driver::start)
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("did not answer on port");
      assertPortClosed(ibkr.gatewayPort());
    }
  }

  @Test
  void fenceCutsAStartShort() throws Exception {
    try (PlayedIbkr ibkr = PlayedIbkr.open(folder, "start-fault=hang");
        ClientPortalDriver driver = ibkr.driver()) {
      CompletableFuture<String> start =
          CompletableFuture.supplyAsync(() -> {
            try {
              return driver.start().detail();
            } catch (DriverException e) {
              return e.getMessage();
            }
          });
      Path pidFile = ibkr.stateDirectory().resolve("client-portal/live/gateway.pid");
      await(() -> Files.exists(pidFile));

      driver.fence(FENCE);

      assertThat(start.get(10, TimeUnit.SECONDS)).contains("cut short by a fence");
      driver.fence(FENCE);
      assertPortClosed(ibkr.gatewayPort());
    }
  }

  static void await(BooleanSupplier condition) {
    Countdown deadline = Countdown.of(Duration.ofSeconds(15));
    while (!condition.getAsBoolean()) {
      assertThat(deadline.isOver()).as("waited in vain").isFalse();
      assertThat(deadline.pause(Duration.ofMillis(10))).isTrue();
    }
  }

  private static ClientPortalSettings.Timings shortStart(Duration start) {
    ClientPortalSettings.Timings quick = PlayedIbkr.quick();
    return new ClientPortalSettings.Timings(
        start,
        Duration.ofMillis(300),
        quick.call(),
        quick.tickleEvery(),
        quick.validateEvery(),
        quick.ordersPause(),
        quick.logoutCall(),
        quick.terminateGrace(),
        quick.reopen(),
        quick.page(),
        quick.preSubmit(),
        quick.answer(),
        quick.code(),
        quick.push(),
        quick.login());
  }

  private static long pid(PlayedIbkr ibkr) throws IOException {
    String text = Files.readString(ibkr.stateDirectory().resolve("client-portal/live/gateway.pid"));
    return Long.parseLong(text.substring(0, text.indexOf(' ')));
  }

  private static void assertPortClosed(int port) {
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);
  }
}
