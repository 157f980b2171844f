package io.understudy.bundle.render;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Runs the programs that read what is rendered; a test that lacks one is skipped and says so. */
final class Tool {
  private static final int SECONDS_MAX = 60;
  private static final ImmutableList<String> FOLDERS =
      ImmutableList.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

  private Tool() {}

  /**
   * How a program ended.
   *
   * @param output of both streams
   */
  record Ended(int status, String output) {}

  /** Skips the test where the program is missing. */
  static void assumeInstalled(String program, String debianPackage) {
    assumeTrue(
        FOLDERS.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        program + " is not installed (apt-get install " + debianPackage + ")");
  }

  /** Skips the test where no network of its own can be made. */
  static void assumeNamespaces() {
    assumeInstalled("unshare", "util-linux");
    assumeTrue(
        run("unshare", "--mount", "--net", "true").status() == 0,
        "network namespaces need root, and this is none");
  }

  static Ended run(String... command) {
    return run(ImmutableList.copyOf(command));
  }

  static Ended run(ImmutableList<String> command) {
    try {
      Path output = Files.createTempFile("tool", ".out");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " did not end; it said: " + Files.readString(output));
      }
      String said = Files.readString(output, StandardCharsets.UTF_8);
      Files.delete(output);
      return new Ended(process.exitValue(), said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** A shell script in a network and a mount namespace of its own. */
  static Ended runIsolated(String script) {
    return run("unshare", "--mount", "--net", "bash", "-c", "set -euo pipefail\n" + script);
  }
}
