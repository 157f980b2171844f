package io.understudy.lab;

import com.google.common.base.Strings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells stories and keeps what came of them: a line on the terminal for each, a table in {@code
 * target/lab}, and of one that failed the journals of all hosts.
 */
final class HostsTable {
  private final HostsWorld world;
  private final PrintStream out;
  private final Path output;
  private final String file;
  private final List<Result> results = new ArrayList<>();

  /**
   * What came of a story.
   *
   * @param note what is worth knowing besides, or why it failed
   */
  private record Result(HostStory story, boolean passed, String note, Duration took) {
    String line() {
      return String.format(
          Locale.ROOT,
          "%s %-30s %4d s  %s",
          passed ? "passed" : "FAILED",
          story.name(),
          took.toSeconds(),
          note);
    }

    String row() {
      return "| %s | %s | %s | %d s | %s |%n"
          .formatted(
              story.name(),
              story.purpose(),
              passed ? "passed" : "FAILED",
              took.toSeconds(),
              note.lines().findFirst().orElse("").replace("|", "\\|"));
    }
  }

  /**
   * @param whole whether all stories are told, and not some of them
   */
  HostsTable(HostsWorld world, PrintStream out, boolean whole) {
    this.world = world;
    this.out = out;
    this.file = whole ? "hosts.md" : "hosts-some.md";
    this.output = world.installation().root().resolve("target/lab");
  }

  /** Whether it went as told. */
  boolean tell(HostStory story, HostsScene scene) {
    Result result = result(story, scene);
    results.add(result);
    out.println(result.line());
    if (!result.passed()) {
      keepJournals(story);
    }
    write();
    return result.passed();
  }

  private static Result result(HostStory story, HostsScene scene) {
    long start = System.nanoTime();
    try {
      String note = story.telling().apply(scene);
      return new Result(story, true, note, Duration.ofNanos(System.nanoTime() - start));
    } catch (LabException e) {
      String sentence = Strings.nullToEmpty(e.getMessage());
      return new Result(story, false, sentence, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  /** Whether all went as told. */
  boolean finish() {
    long failed = results.stream().filter(result -> !result.passed()).count();
    out.printf(
        "%d stories, %d failed; the table is %s%n", results.size(), failed, output.resolve(file));
    return failed == 0;
  }

  private void write() {
    StringBuilder table =
        new StringBuilder("| story | shows | result | took | measured |\n|---|---|---|---|---|\n");
    results.forEach(result -> table.append(result.row()));
    try {
      Files.createDirectories(output);
      Files.writeString(output.resolve(file), table);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + output, e);
    }
  }

  private void keepJournals(HostStory story) {
    Path folder = output.resolve("hosts-failed").resolve(story.name());
    try {
      Files.createDirectories(folder);
      for (DebianHost host : world.built() ? world.hosts() : List.<DebianHost>of()) {
        Files.writeString(
            folder.resolve(host.id() + ".journal"),
            host.run(Duration.ofSeconds(30), "journalctl", "--boot", "--no-pager").output());
      }
      out.println("       the journals of that moment are in " + folder);
    } catch (IOException | LabException e) {
      out.println("       the journals could not be kept: " + e.getMessage());
    }
  }
}
