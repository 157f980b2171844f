package io.understudy.bundle.render;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** Two texts against each other, as {@code diff -u} shows them. Meant for files of a few pages. */
final class UnifiedDiff {
  private static final int CONTEXT = 3;

  private final ImmutableList<String> before;
  private final ImmutableList<String> after;
  private final List<Line> lines = new ArrayList<>();

  private UnifiedDiff(String before, String after) {
    this.before = before.lines().collect(ImmutableList.toImmutableList());
    this.after = after.lines().collect(ImmutableList.toImmutableList());
  }

  /**
   * A line of the two texts laid over each other.
   *
   * @param sign {@code -}, {@code +}, or a blank for one that both have
   */
  private record Line(char sign, String text) {
    boolean changes() {
      return sign != ' ';
    }
  }

  /** The hunks, each line with its end; empty when nothing differs. */
  static String of(String before, String after) {
    UnifiedDiff diff = new UnifiedDiff(before, after);
    diff.align();
    return diff.hunks();
  }

  private void align() {
    int[][] common = common();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        lines.add(new Line(' ', before.get(i)));
        i++;
        j++;
      } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
        lines.add(new Line('-', before.get(i)));
        i++;
      } else {
        lines.add(new Line('+', after.get(j)));
        j++;
      }
    }
  }

  /** How many lines the rests of both texts have in common, by where the rests begin. */
  private int[][] common() {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }

  private String hunks() {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < lines.size()) {
      if (!lines.get(at).changes()) {
        at++;
        continue;
      }
      int from = Math.max(0, at - CONTEXT);
      int to = endOfHunk(at);
      appendHunk(text, from, to);
      at = to;
    }
    return text.toString();
  }

  /** Behind the last change that is near to one before it, and its context. */
  private int endOfHunk(int firstChange) {
    int last = firstChange;
    for (int i = firstChange; i < lines.size() && i <= last + 2 * CONTEXT; i++) {
      if (lines.get(i).changes()) {
        last = i;
      }
    }
    return Math.min(lines.size(), last + CONTEXT + 1);
  }

  private void appendHunk(StringBuilder text, int from, int to) {
    text.append("@@ -%s +%s @@\n".formatted(range(from, to, '+'), range(from, to, '-')));
    lines
        .subList(from, to)
        .forEach(line -> text.append(line.sign()).append(line.text()).append('\n'));
  }

  /** First line and number of lines in the text that has no lines with the other's sign. */
  private String range(int from, int to, char othersSign) {
    long before = count(0, from, othersSign);
    long length = count(from, to, othersSign);
    return (length == 0 ? before : before + 1) + "," + length;
  }

  private long count(int from, int to, char othersSign) {
    return lines.subList(from, to).stream().filter(line -> line.sign() != othersSign).count();
  }
}
