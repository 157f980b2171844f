package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of the runbooks, as far as it can be executed: the scenario that breaks the system first,
 * and in the page's order its steps and what else happens. The notation stands in the runbooks'
 * README.
 *
 * @param name the file's name without its ending
 * @param stories those of the hosts' lab that do what the page says
 */
record RunbookPage(
    String name,
    Optional<String> scenario,
    ImmutableList<String> stories,
    ImmutableList<Item> items) {
  private static final String BLOCK = "```console step";
  private static final String FENCE = "```";
  private static final Pattern REMARK =
      Pattern.compile("<!-- (scenario|then|story): ([a-z0-9-]+) -->");
  private static final Pattern PROMPT = Pattern.compile("(?:\\$|([a-z]+)#) (\\S.*)");
  private static final Pattern STATUS = Pattern.compile("\\[exit status ([0-9]+)\\]");

  /** What is done in its turn. */
  sealed interface Item {
    /** Of the page's file, from 1. */
    int line();
  }

  /** Something that happens in the world and that nobody types. */
  record Happening(int line, String name) implements Item {}

  /**
   * A command with what it prints.
   *
   * @param host where root types it; empty for the operator's own machine
   * @param expected the lines below it; none when nothing is said of its output
   */
  record Step(
      int line,
      Optional<String> host,
      String command,
      ImmutableList<String> expected,
      int exitStatus)
      implements Item {}

  static RunbookPage read(Path file) {
    try {
      return parse(
          file.getFileName().toString().replaceFirst("\\.md$", ""), Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  static RunbookPage parse(String name, List<String> lines) {
    return new Reader(name, lines).page();
  }

  ImmutableList<Step> steps() {
    return items.stream()
        .filter(Step.class::isInstance)
        .map(Step.class::cast)
        .collect(ImmutableList.toImmutableList());
  }

  ImmutableList<String> happenings() {
    return items.stream()
        .filter(Happening.class::isInstance)
        .map(item -> ((Happening) item).name())
        .collect(ImmutableList.toImmutableList());
  }

  /** Goes through the lines once. */
  private static final class Reader {
    private final String name;
    private final List<String> lines;
    private final ImmutableList.Builder<Item> items = ImmutableList.builder();
    private final ImmutableList.Builder<String> stories = ImmutableList.builder();
    private Optional<String> scenario = Optional.empty();
    private int next;

    Reader(String name, List<String> lines) {
      this.name = name;
      this.lines = lines;
    }

    RunbookPage page() {
      while (next < lines.size()) {
        String line = lines.get(next);
        next++;
        Matcher remark = REMARK.matcher(line.strip());
        if (line.equals(BLOCK)) {
          block();
        } else if (remark.matches()) {
          remark(remark.group(1), remark.group(2));
        }
      }
      return new RunbookPage(name, scenario, stories.build(), items.build());
    }

    private void remark(String kind, String value) {
      switch (kind) {
        case "story" -> stories.add(value);
        case "then" -> items.add(new Happening(next, value));
        default -> {
          if (scenario.isPresent()) {
            throw wrong("a second scenario");
          }
          scenario = Optional.of(value);
        }
      }
    }

    private void block() {
      while (!ends()) {
        Matcher prompt = PROMPT.matcher(lines.get(next));
        if (!prompt.matches()) {
          throw wrong("a line of a step block that belongs to no command");
        }
        step(Optional.ofNullable(prompt.group(1)), prompt.group(2));
      }
      next++;
    }

    private void step(Optional<String> host, String begun) {
      int line = next + 1;
      String command = begun;
      next++;
      while (command.endsWith("\\") && !ends()) {
        command = command.substring(0, command.length() - 1) + lines.get(next).strip();
        next++;
      }
      ImmutableList.Builder<String> expected = ImmutableList.builder();
      int status = 0;
      while (!ends() && !PROMPT.matcher(lines.get(next)).matches()) {
        Matcher last = STATUS.matcher(lines.get(next).strip());
        if (last.matches()) {
          status = Integer.parseInt(last.group(1));
        } else {
          expected.add(lines.get(next));
        }
        next++;
      }
      items.add(new Step(line, host, command, expected.build(), status));
    }

    private boolean ends() {
      if (next >= lines.size()) {
        throw wrong("a step block without an end");
      }
      return lines.get(next).equals(FENCE);
    }

    private LabException wrong(String what) {
      return new LabException("%s.md, line %d: %s".formatted(name, next + 1, what));
    }
  }
}
