package io.understudy.node.driver.clientportal;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.ThreadSafe;
import io.understudy.node.spi.DriverException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The gateway program as our child: java started directly (its script would leave the JVM behind
 * when killed), in a process group of its own, known by pid. Any thread.
 */
@ThreadSafe
final class GatewayProcess {
  private static final String MAIN_CLASS = "ibgroup.web.core.clientportal.gw.GatewayStart";
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  /** What the program may see of our environment: nothing that could hold a secret. */
  private static final ImmutableSet<String> ENVIRONMENT =
      ImmutableSet.of("PATH", "LANG", "LC_ALL", "TZ");

  private static final int LINE_LENGTH_MAX = 4_096;

  private final Process process;

  /** The last line of its output that says something, redacted. */
  private volatile String lastLine = "";

  private GatewayProcess(Process process) {
    this.process = process;
  }

  /** Starts the program in its prepared directory and records its pid. Does not wait for it. */
  static GatewayProcess start(ClientPortalSettings settings, RunDirectory directory)
      throws DriverException {
    ProcessBuilder builder = new ProcessBuilder(command(settings, directory));
    builder.directory(directory.run().toFile()).redirectErrorStream(true);
    builder.environment().keySet().retainAll(ENVIRONMENT);
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw DriverException.permanentError(
          "The gateway program could not be started with "
              + settings.program().java()
              + ": correct gateway.java",
          e);
    }
    GatewayProcess started = new GatewayProcess(process);
    try {
      process.getOutputStream().close();
      OwnProcesses.record(process.toHandle(), directory.pidFile());
    } catch (IOException e) {
      process.destroyForcibly();
      throw DriverException.transientError(
          "The gateway's pid file " + directory.pidFile() + " cannot be written", e);
    }
    var _ =
        Thread.ofPlatform()
            .daemon()
            .name("gateway-output-" + settings.gateway())
            .start(started::readOutput);
    return started;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The exit code, once it has ended. */
  OptionalInt exitCode() {
    return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
  }

  /** What the process said last, as " (it said: …)", or nothing. */
  String lastWords() {
    return lastLine.isEmpty() ? "" : " (it said: " + lastLine + ")";
  }

  /** Asks the process to end, kills it when the grace is over; true when it is gone in time. */
  boolean end(Duration grace, Countdown deadline) {
    return OwnProcesses.end(process.toHandle(), grace, deadline);
  }

  /** Kills it at once, whatever it does; does not wait for its end. */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static ImmutableList<String> command(
      ClientPortalSettings settings, RunDirectory directory) {
    ImmutableList.Builder<String> command = ImmutableList.builder();
    if (Files.isExecutable(SETSID)) {
      // It becomes the leader of a new session and then the program itself, under the same pid.
      command.add(SETSID.toString());
    }
    return command
        .add(settings.program().java().toString())
        .addAll(settings.program().javaOptions())
        .add("-server")
        .add("-Dvertx.disableDnsResolver=true")
        .add("-Djava.net.preferIPv4Stack=true")
        .add(
            "-Dvertx.logger-delegate-factory-class-name="
                + "io.vertx.core.logging.SLF4JLogDelegateFactory")
        .add(OwnProcesses.marker(directory.base()))
        .add("-classpath", "root:" + RunDirectory.PROGRAM_JAR + ":build/lib/runtime/*")
        .add(MAIN_CLASS)
        .add("--conf", "../root/conf.yaml")
        .build();
  }

  private void readOutput() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      StringBuilder line = new StringBuilder();
      for (int next = reader.read(); next >= 0; next = reader.read()) {
        if (next != '\n') {
          if (line.length() < LINE_LENGTH_MAX) {
            line.append((char) next);
          }
        } else {
          keep(line.toString());
          line.setLength(0);
        }
      }
    } catch (IOException _) {
      // The process has ended while we read; what it said before is kept.
    }
  }

  private void keep(String line) {
    if (!line.isBlank() && !line.strip().startsWith("at ")) {
      lastLine = Redaction.line(line);
    }
  }
}
