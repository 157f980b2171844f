package io.understudy.node.log;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The journal of systemd as a place for lines: it keeps the time itself, and reads the priority of
 * a line from a mark {@code <N>} before it.
 */
public final class ServiceJournal {
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private ServiceJournal() {}

  /** Whether standard error of this process leads there. */
  public static boolean isStandardError() {
    return isAt(STANDARD_ERROR, System.getenv());
  }

  /**
   * Whether a file is the stream that systemd has opened for the service: the environment is
   * inherited by programs whose output goes elsewhere.
   */
  static boolean isAt(Path file, Map<String, String> environment) {
    @Nullable String stream = environment.get("JOURNAL_STREAM");
    if (stream == null) {
      return false;
    }
    try {
      Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
      return stream.equals(attributes.get("dev") + ":" + attributes.get("ino"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
      // Not told, so it is taken for a file: such lines are readable everywhere.
      return false;
    }
  }

  /** A sentence to standard error that is an error there, too. */
  public static String error(String text) {
    return isStandardError() ? marked(Level.ERROR, text) : text;
  }

  /** Each line of the text with the mark of its priority: the journal makes an entry of each. */
  static String marked(Level level, String text) {
    String mark = "<" + priority(level) + ">";
    String marked = text.lines().map(line -> mark + line).collect(Collectors.joining("\n"));
    return text.endsWith("\n") ? marked + "\n" : marked;
  }

  /** As in syslog: 3 error, 4 warning, 6 information, 7 debugging. */
  private static int priority(Level level) {
    if (level.isGreaterOrEqual(Level.ERROR)) {
      return 3;
    }
    if (level.isGreaterOrEqual(Level.WARN)) {
      return 4;
    }
    return level.isGreaterOrEqual(Level.INFO) ? 6 : 7;
  }
}
