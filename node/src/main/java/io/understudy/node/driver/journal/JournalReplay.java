package io.understudy.node.driver.journal;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.failover.Decision;
import io.understudy.node.core.failover.NodeDecider;
import io.understudy.node.core.failover.NodeSettings;
import io.understudy.node.core.failover.NodeState;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.failover.Observations;
import io.understudy.node.core.model.Now;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Runs a journal through the core again, pass by pass as the loop did, and compares what is decided
 * with what was. Ends at the first difference. Needs no lock: a journal may be replayed while it is
 * written.
 */
public final class JournalReplay {
  private static final int SHOWN_MAX = 400;
  private static final String CORE_FAILS = "the core fails: ";

  private Optional<Point> point = Optional.empty();

  /** A line that could not be read: cut off, if nothing follows that needs it. */
  private Optional<Difference> broken = Optional.empty();

  private int lives;
  private long passes;
  private long cutOff;

  private JournalReplay() {}

  /** What the next pass begins with. */
  private record Point(NodeSettings settings, Observations seen, NodeState state) {}

  /**
   * Where the core decides otherwise than the journal says, or the journal cannot be read.
   *
   * @param line counted from 1
   */
  public record Difference(Path file, long line, String sentence) {}

  /**
   * What came of it.
   *
   * @param lives how many processes began in it
   * @param passes how many were decided again
   * @param cutOff lines that a crash or a full disk cut off
   */
  public record Result(int lives, long passes, long cutOff, Optional<Difference> difference) {
    /** Whether everything was decided alike. */
    public boolean exact() {
      return difference.isEmpty();
    }

    /** The result for people. */
    public String sentence() {
      return difference
          .map(found -> found.file() + ", line " + found.line() + ": " + found.sentence())
          .orElseGet(() ->
              "Replayed "
                  + passes
                  + " passes of "
                  + lives
                  + " lives, and every decision was the same"
                  + (cutOff == 0 ? "" : " (lines that were cut off: " + cutOff + ")"));
    }
  }

  /**
   * Replays a journal.
   *
   * @param journal a journal's directory, or one of its files
   * @throws IOException if it cannot be read
   */
  public static Result replay(Path journal) throws IOException {
    ImmutableList<Path> files =
        Files.isDirectory(journal) ? JournalFiles.inOrder(journal) : ImmutableList.of(journal);
    JournalReplay replay = new JournalReplay();
    for (Path file : files) {
      Optional<Difference> difference = replay.file(file);
      if (difference.isPresent()) {
        return replay.result(difference);
      }
    }
    return replay.result(Optional.empty());
  }

  /** The same as a sentence, also where nothing can be read. */
  public static String describe(Path journal) {
    try {
      return replay(journal).sentence();
    } catch (NoSuchFileException _) {
      return journal + ": no such journal (name its directory, or one of its files)";
    } catch (IOException e) {
      return journal + ": cannot be read (" + e.getMessage() + ")";
    }
  }

  private Result result(Optional<Difference> difference) {
    return new Result(lives, passes, cutOff, difference);
  }

  private Optional<Difference> file(Path file) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      long number = 0;
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        number++;
        Optional<Difference> difference = line(file, number, text);
        if (difference.isPresent()) {
          return difference;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Difference> line(Path file, long number, String text) {
    JournalLine line;
    try {
      line = JournalCodec.decode(text);
    } catch (MalformedLineException e) {
      Difference unreadable = new Difference(file, number, "cannot be read: " + e.getMessage());
      broken = Optional.of(broken.orElse(unreadable));
      cutOff++;
      return Optional.empty();
    }
    return switch (line) {
      case JournalLine.Begin begin -> {
        lives++;
        yield from(
            new Point(
                begin.settings(),
                Observations.none(begin.now().monotonic()),
                NodeState.initial(begin.settings(), begin.now())));
      }
      case JournalLine.Resume resume ->
          from(new Point(resume.settings(), resume.seen(), resume.state()));
      case JournalLine.Pass pass ->
          broken.or(() -> pass(pass).map(sentence -> new Difference(file, number, sentence)));
      case JournalLine.Failure failure ->
          broken.or(() -> failure(failure).map(sentence -> new Difference(file, number, sentence)));
    };
  }

  private Optional<Difference> from(Point begin) {
    broken = Optional.empty();
    point = Optional.of(begin);
    return Optional.empty();
  }

  /** Decides one pass again; what differs, in a sentence. */
  private Optional<String> pass(JournalLine.Pass pass) {
    if (point.isEmpty()) {
      return Optional.of("a pass without a beginning before it");
    }
    Point before = point.orElseThrow();
    passes++;
    Observations seen = fold(before.seen(), pass.observations(), pass.now());
    Decision decision;
    try {
      decision = NodeDecider.decide(before.settings(), seen, before.state(), pass.now());
    } catch (RuntimeException bug) {
      return Optional.of(CORE_FAILS + bug);
    }
    point = Optional.of(new Point(before.settings(), seen.after(decision), decision.next()));
    return difference("effect", pass.effects(), decision.effects())
        .or(() -> difference("transition", pass.transitions(), decision.transitions()));
  }

  /** Tries the pass again that a bug had ended; a core that fails no more is mended. */
  private Optional<String> failure(JournalLine.Failure failure) {
    return pass(new JournalLine.Pass(
            failure.now(), failure.observations(), ImmutableList.of(), ImmutableList.of()))
        .filter(sentence -> sentence.startsWith(CORE_FAILS));
  }

  private static Observations fold(
      Observations seen, ImmutableList<Observation> observations, Now now) {
    Observations folded = seen;
    for (Observation observation : observations) {
      folded = folded.with(observation, now);
    }
    return folded;
  }

  private static Optional<String> difference(String what, List<?> kept, List<?> decided) {
    for (int i = 0; i < Math.max(kept.size(), decided.size()); i++) {
      String first = i < kept.size() ? kept.get(i).toString() : "none";
      String second = i < decided.size() ? decided.get(i).toString() : "none";
      if (i >= kept.size() || i >= decided.size() || !kept.get(i).equals(decided.get(i))) {
        return Optional.of(
            "%s %d differs: the journal has %s, the core decides %s"
                .formatted(what, i + 1, shorten(first), shorten(second)));
      }
    }
    return Optional.empty();
  }

  private static String shorten(String text) {
    return text.length() <= SHOWN_MAX ? text : text.substring(0, SHOWN_MAX) + "…";
  }
}
