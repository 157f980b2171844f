package io.understudy.bundle.doctor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.sun.net.httpserver.HttpServer;
import io.understudy.bundle.doctor.machine.Machine.ClockOffset;
import io.understudy.bundle.doctor.machine.Machine.FileFacts;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalMachineTest {
  @TempDir private Path root;
  private LocalMachine machine;

  @BeforeEach
  void machine() {
    machine = new LocalMachine(root, InstantSource.system());
  }

  @Test
  void aCommandAnswersWithItsOutput() {
    assertThat(machine.output(ImmutableList.of("echo", "well"))).isEqualTo(Answer.known("well\n"));
  }

  @Test
  void ofACommandThatSaysTooMuchTheBeginningIsKept() {
    assertThat(machine.output(ImmutableList.of("head", "-c", "9000000", "/dev/zero")))
        .isEqualTo(Answer.known("\0".repeat(Machine.OUTPUT_BYTES_MAX)));
  }

  @Test
  void aCommandThatIsNotInstalledIsAbsent() {
    assertThat(machine.output(ImmutableList.of("no-such-program")))
        .isEqualTo(
            Answer.unknown(Answer.Cause.ABSENT, "the program no-such-program is not installed"));
  }

  @Test
  void aCommandThatFailsAnswersWithWhatItSaid() {
    assertThat(machine.output(ImmutableList.of("sh", "-c", "echo 'it broke' >&2; exit 3")))
        .isEqualTo(Answer.unknown(Answer.Cause.FAILED, "it broke"));
    assertThat(machine.output(ImmutableList.of("sh", "-c", "exit 3")))
        .isEqualTo(Answer.unknown(Answer.Cause.FAILED, "it ended with status 3"));
  }

  @Test
  void aCommandForRootAloneIsNotPermitted() {
    assertThat(
            machine.output(
                ImmutableList.of(
                    "sh", "-c", "echo 'Operation not permitted (you must be root)' >&2; exit 1")))
        .isEqualTo(
            Answer.unknown(
                Answer.Cause.NOT_PERMITTED, "Operation not permitted (you must be root)"));
  }

  @Test
  void aCommandThatHangsIsEndedWithItsChildren() {
    CommandRun impatient =
        new CommandRun(ImmutableList.of(Path.of("/bin")), Duration.ofMillis(200));

    Answer<String> answer = impatient.output(ImmutableList.of("sh", "-c", "sleep 3600 & wait"));

    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Unknown.class,
            unknown -> assertThat(unknown.cause()).isEqualTo(Answer.Cause.TIMED_OUT));
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive).toList())
        .noneMatch(child -> child.info().command().orElse("").endsWith("sleep"));
  }

  @Test
  void aFileAnswersWithItsModeAndOwner() throws Exception {
    Path file = Files.writeString(root.resolve("key"), "12345");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    Answer<FileFacts> answer = machine.file("/key");

    assertThat(answer)
        .isEqualTo(
            Answer.known(
                new FileFacts(
                    false,
                    0640,
                    Files.getOwner(file) + ":" + Files.getAttribute(file, "posix:group"),
                    5)));
    assertThat(answer.map(FileFacts::octal)).isEqualTo(Answer.known("0640"));
    assertThat(machine.executable("/key")).isEqualTo(Answer.known(false));
    assertThat(machine.text("/key")).isEqualTo(Answer.known("12345"));
  }

  @Test
  void filesBelowADirectoryAreNamedAsOnTheHost() throws Exception {
    Files.createDirectories(root.resolve("etc/understudy/tls"));
    Files.writeString(root.resolve("etc/understudy/tls/node.key"), "");
    Files.writeString(root.resolve("etc/understudy/host.json"), "");

    assertThat(machine.filesBelow("/etc/understudy"))
        .isEqualTo(
            Answer.known(
                ImmutableList.of("/etc/understudy/host.json", "/etc/understudy/tls/node.key")));
    assertThat(machine.filesBelow("/etc/other"))
        .isEqualTo(Answer.unknown(Answer.Cause.ABSENT, "/etc/other does not exist"));
  }

  @Test
  void theClockOfAnotherHostIsReadFromItsHttpServer() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/livez",
        exchange -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });
    server.start();
    try {
      int port = server.getAddress().getPort();
      Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-20));

      assertThat(certain(machine, port)).isZero();
      assertThat(certain(new LocalMachine(root, behind), port))
          .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
      assertThat(machine.accepts("127.0.0.1", port)).isEqualTo(Answer.known(true));
    } finally {
      server.stop(0);
    }
  }

  private static Duration certain(Machine machine, int port) {
    return switch (machine.clockOffset("127.0.0.1", port)) {
      case Answer.Known<ClockOffset>(ClockOffset offset) -> offset.certain();
      case Answer.Unknown<ClockOffset> unknown -> throw new AssertionError(unknown.sentence());
    };
  }
}
