package io.understudy.lab;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a {@link TradingEngine} has seen so far.
 *
 * @param answers in order, times by {@link System#nanoTime}
 */
record TradingLog(ImmutableList<Answer> answers) {
  /** One answer, and the number of the connection that it came through. */
  record Answer(long at, int connection) {}

  static TradingLog read(Path file) {
    try {
      String text = Files.readString(file);
      // The last line may be half written.
      return new TradingLog(
          text.substring(0, text.lastIndexOf('\n') + 1)
              .lines()
              .filter(line -> line.matches("-?[0-9]+ [0-9]+"))
              .map(TradingLog::answer)
              .collect(ImmutableList.toImmutableList()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  /** The part after the given time. */
  TradingLog after(long nanos) {
    return new TradingLog(
        answers.stream()
            .filter(answer -> answer.at() - nanos > 0)
            .collect(ImmutableList.toImmutableList()));
  }

  Optional<Answer> first() {
    return answers.stream().findFirst();
  }

  Optional<Answer> last() {
    return answers.isEmpty() ? Optional.empty() : Optional.of(answers.getLast());
  }

  /** How many connections gave answers. */
  int connections() {
    return Math.toIntExact(answers.stream().mapToInt(Answer::connection).distinct().count());
  }

  /** The longest time between two answers in a row. */
  Duration longestPause() {
    long longest = 0;
    for (int i = 1; i < answers.size(); i++) {
      longest = Math.max(longest, answers.get(i).at() - answers.get(i - 1).at());
    }
    return Duration.ofNanos(longest);
  }

  private static Answer answer(String line) {
    String[] fields = line.split(" ", -1);
    return new Answer(Long.parseLong(fields[0]), Integer.parseInt(fields[1]));
  }
}
