package io.understudy.bundle.authority;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Programs that judge what was made. */
final class Tools {
  private Tools() {}

  /** Skips the test where the program is missing. */
  static void need(String program, String debianPackage) {
    boolean there =
        Stream.of("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/")
            .anyMatch(folder -> Files.isExecutable(Path.of(folder + program)));
    assumeTrue(there, program + " is not installed (Debian: " + debianPackage + ")");
  }

  /** What the program prints, on both streams. */
  static String run(String input, String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command[0] + " did not end");
    }
    return output.strip();
  }
}
