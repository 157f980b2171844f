package io.understudy.simulator.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * The log files of the genuine program, {@code logs/gw.DATE.log} and {@code
 * logs/gw.message.DATE.log}.
 *
 * <p>Like those they show the session's cookies and its key in clear, so that a test can find out
 * whether somebody left the directory open to others. Safe for threads.
 */
final class GatewayLog {
  private final Path folder;

  GatewayLog(Path workingDirectory) throws IOException {
    folder = Files.createDirectories(workingDirectory.resolve("logs"));
  }

  void debug(String line) {
    write("gw.", "DEBUG " + line);
  }

  void message(String line) {
    write("gw.message.", line);
  }

  private synchronized void write(String prefix, String line) {
    Path file = folder.resolve(prefix + LocalDate.now(ZoneOffset.UTC) + ".log");
    String time = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS).toString();
    try {
      Files.writeString(
          file,
          time + " " + line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      // The directory is gone because the program's owner removed it; serving matters more.
      System.err.println("Failed to write " + file.getFileName());
    }
  }
}
