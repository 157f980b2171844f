package io.understudy.settings;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The configuration cannot be used. Carries every problem that was found, in the order of the file;
 * the message lists them, one a line, and holds no secret.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient ImmutableList<Problem> problems;

  public ConfigException(String file, ImmutableList<Problem> problems) {
    super(
        file
            + (problems.size() == 1 ? ": 1 problem" : ": " + problems.size() + " problems")
            + problems.stream().map(p -> "\n  " + p).collect(Collectors.joining()));
    this.problems = problems;
  }

  public ImmutableList<Problem> problems() {
    return problems;
  }

  /**
   * One mistake.
   *
   * @param path the key from the root, dotted; empty when the file as a whole is meant
   * @param line where it stands, from 1; empty for what is missing
   * @param sentence what was found, and what is expected
   */
  @Immutable
  public record Problem(String path, OptionalInt line, String sentence) {
    @Override
    public String toString() {
      String where = line.isPresent() ? "line " + line.getAsInt() : "";
      if (path.isEmpty()) {
        return where.isEmpty() ? sentence : where + ": " + sentence;
      }
      return path + (where.isEmpty() ? "" : " (" + where + ")") + ": " + sentence;
    }
  }
}
