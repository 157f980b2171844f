package io.understudy.bundle.doctor.machine;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** Runs a command of the system with a deadline, in English, with nothing on standard input. */
final class CommandRun {
  private static final Pattern REFUSED =
      Pattern.compile(
          "permission denied|operation not permitted|must be root|need to be root|access denied",
          Pattern.CASE_INSENSITIVE);

  private final ImmutableList<Path> directories;
  private final Duration deadline;

  /**
   * @param directories where programs are looked for: a user's own path often lacks the second half
   *     of the system's
   */
  CommandRun(ImmutableList<Path> directories, Duration deadline) {
    this.directories = directories;
    this.deadline = deadline;
  }

  Answer<String> output(ImmutableList<String> command) {
    Optional<Path> program =
        directories.stream()
            .map(directory -> directory.resolve(command.getFirst()))
            .filter(Files::isExecutable)
            .findFirst();
    if (program.isEmpty()) {
      return Answer.unknown(
          Answer.Cause.ABSENT, "the program " + command.getFirst() + " is not installed");
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            ImmutableList.<String>builder()
                .add(program.get().toString())
                .addAll(command.subList(1, command.size()))
                .build());
    builder.environment().put("LC_ALL", "C");
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    try {
      return answer(builder.start(), String.join(" ", command));
    } catch (IOException e) {
      return Answer.unknown(Answer.Cause.FAILED, "cannot be started: " + e.getMessage());
    }
  }

  private Answer<String> answer(Process process, String command) {
    FutureTask<String> output = reading(process.getInputStream());
    FutureTask<String> errors = reading(process.getErrorStream());
    long end = System.nanoTime() + deadline.toNanos();
    try {
      if (!process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      // A grandchild may hold the pipes open.
      String text = output.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (process.exitValue() == 0) {
        return Answer.known(text);
      }
      return failed(errors.get(end - System.nanoTime(), TimeUnit.NANOSECONDS), process.exitValue());
    } catch (TimeoutException _) {
      return Answer.unknown(
          Answer.Cause.TIMED_OUT, command + " did not end within " + deadline.toSeconds() + " s");
    } catch (ExecutionException e) {
      return Answer.unknown(Answer.Cause.FAILED, "its output cannot be read: " + e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Answer.unknown(Answer.Cause.FAILED, command + " was interrupted");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Answer<String> failed(String errors, int status) {
    String said = errors.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    return Answer.unknown(
        REFUSED.matcher(errors).find() ? Answer.Cause.NOT_PERMITTED : Answer.Cause.FAILED,
        said.isEmpty() ? "it ended with status " + status : said.strip());
  }

  private static FutureTask<String> reading(InputStream stream) {
    FutureTask<String> task =
        new FutureTask<>(() -> {
          try (stream) {
            byte[] kept = stream.readNBytes(Machine.OUTPUT_BYTES_MAX);
            // Read to the end: a command whose pipe is closed early dies of it.
            long _ = stream.transferTo(OutputStream.nullOutputStream());
            return new String(kept, StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    Thread.ofVirtual().name("command-output").start(task);
    return task;
  }
}
