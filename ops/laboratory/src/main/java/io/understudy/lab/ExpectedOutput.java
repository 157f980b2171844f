package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Compares what a command printed with what a page shows. Blanks count as one, and lines of a
 * table's frame have any length. Times, durations, addresses with a port, epochs and process ids
 * are only compared by their kind. {@code …} stands for any text in a line, and for any number of
 * lines when it stands alone.
 */
final class ExpectedOutput {
  private static final String ANYTHING = "…";

  /** In the order in which they are looked for. */
  private static final ImmutableMap<Pattern, String> KINDS =
      ImmutableMap.<Pattern, String>builder()
          .put(Pattern.compile("─+"), "─")
          .put(
              Pattern.compile("\\d{4}-\\d{2}-\\d{2}[ T]\\d{2}:\\d{2}(:\\d{2})?(\\.\\d+)?Z?"),
              "<time>")
          .put(Pattern.compile("\\b\\d{2}:\\d{2}:\\d{2}\\b"), "<time>")
          .put(
              Pattern.compile("\\b\\d+(\\.\\d+)? (ms|s|min|h|d)\\b( \\d+ (min|h)\\b)?"),
              "<duration>")
          .put(Pattern.compile("\\b\\d+\\.\\d+\\.\\d+\\.\\d+:\\d+\\b"), "<address>")
          .put(Pattern.compile("\\bepoch \\d+\\b"), "epoch <n>")
          .put(Pattern.compile("\\b([A-Z_]{6,}) \\d+ "), "$1 <n> ")
          .put(Pattern.compile("(│ <time> \\S+ \\S+) \\d+ "), "$1 <n> ")
          .put(Pattern.compile("\\bpid \\d+\\b"), "pid <n>")
          .put(Pattern.compile("\\b[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\\b"), "<identity>")
          .buildOrThrow();

  private ExpectedOutput() {}

  /** What differs, in a sentence; empty when nothing does, or when nothing is expected. */
  static Optional<String> difference(ImmutableList<String> expected, String actual) {
    if (expected.isEmpty()) {
      return Optional.empty();
    }
    List<String> printed = actual.lines().map(ExpectedOutput::plain).toList();
    List<List<String>> parts = parts(expected);
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      List<String> part = parts.get(i);
      boolean first = i == 0;
      boolean last = i == parts.size() - 1;
      int found =
          last && !first
              ? printed.size() - part.size()
              : find(part, printed, at, first ? 0 : printed.size());
      if (found < at || !matches(part, printed, found)) {
        return Optional.of(missing(part, printed, at));
      }
      at = found + part.size();
    }
    return at < printed.size() && parts.size() == 1
        ? Optional.of("the page does not show the line: " + printed.get(at))
        : Optional.empty();
  }

  /** What stands between the lines that stand for any number of lines. */
  private static List<List<String>> parts(ImmutableList<String> expected) {
    List<List<String>> parts = new ArrayList<>();
    parts.add(new ArrayList<>());
    for (String line : expected) {
      if (line.strip().equals(ANYTHING)) {
        parts.add(new ArrayList<>());
      } else {
        parts.getLast().add(plain(line));
      }
    }
    return parts;
  }

  /** The first place from there on, not behind the other one, where it stands; else -1. */
  private static int find(List<String> part, List<String> printed, int from, int to) {
    for (int at = from; at <= Math.max(from, to) && at + part.size() <= printed.size(); at++) {
      if (matches(part, printed, at)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean matches(List<String> part, List<String> printed, int at) {
    if (at + part.size() > printed.size()) {
      return false;
    }
    for (int i = 0; i < part.size(); i++) {
      if (!matches(part.get(i), printed.get(at + i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(String expected, String printed) {
    String regex =
        Arrays.stream(expected.split(ANYTHING, -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.matches(regex, printed);
  }

  private static String missing(List<String> part, List<String> printed, int from) {
    List<String> rest = printed.subList(Math.min(from, printed.size()), printed.size());
    return part.stream()
        .filter(line -> rest.stream().noneMatch(each -> matches(line, each)))
        .findFirst()
        .map(line -> "no line is as the page shows: " + line)
        .orElse("the lines are there, in another order or with others between or around them");
  }

  private static String plain(String line) {
    String text = line.replaceAll("\\s+", " ").strip();
    for (Map.Entry<Pattern, String> kind : KINDS.entrySet()) {
      text = kind.getKey().matcher(text).replaceAll(kind.getValue());
    }
    return text;
  }
}
