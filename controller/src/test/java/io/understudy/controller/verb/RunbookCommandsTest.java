package io.understudy.controller.verb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.understudy.controller.Harness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No page of the runbooks names a command or an option that the command line does not have. */
class RunbookCommandsTest {
  private static final Path RUNBOOKS = Path.of("..", "runbooks");
  private static final int COMMANDS_MIN = 100;

  /** A line of a block: indented, or behind a prompt. */
  private static final Pattern LINE =
      Pattern.compile("(?m)^(?:    |\\$ |[a-z]+# )(.*\\bunderstudy .*)$");

  private static final Pattern INLINE = Pattern.compile("`((?:sudo )?understudy [^`]+)`");
  private static final Pattern COMMAND =
      Pattern.compile("(?:^|[;&|(]|sudo )\\s*understudy\\s+(.*)");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)");

  @Test
  void everyCommandOfEveryPageCanBeRead() throws IOException {
    int commands = 0;
    for (Path page : pages()) {
      for (String command : commands(Files.readString(page))) {
        assertThatCode(() -> parse(words(command)))
            .as("%s: understudy %s", page, command)
            .doesNotThrowAnyException();
        commands++;
      }
    }
    assertThat(commands).isGreaterThan(COMMANDS_MIN);
  }

  @Test
  void aCommandIsFoundWhereverAPageHasIt() {
    assertThat(
            commands(
                """
                Say `understudy status -v`, or `GATE open`:

                    cd x && sudo understudy cluster doctor   # on each host
                    systemctl start understudy-zookeeper

                ```console step
                $ understudy halt --reason "two words" | cat
                ```
                """))
        .containsExactly("cluster doctor", "halt --reason \"two words\"", "status -v");
  }

  private static void parse(List<String> words) {
    String[] arguments = words.toArray(String[]::new);
    var _ = new Commands(new Understudy(nowhere())).build(arguments).parseArgs(arguments);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(RUNBOOKS)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  private static List<String> commands(String text) {
    List<String> found = new ArrayList<>();
    Stream.of(LINE, INLINE)
        .flatMap(pattern -> pattern.matcher(text).results())
        .map((MatchResult match) -> match.group(1))
        .forEach(line -> {
          Matcher command = COMMAND.matcher(line);
          if (command.find()) {
            found.add(command.group(1).replaceAll("\\s+(#|\\||&&|>).*$", "").strip());
          }
        });
    return found;
  }

  private static List<String> words(String command) {
    return WORD.matcher(command)
        .results()
        .map(word -> Stream.of(1, 2, 3).map(word::group).filter(each -> each != null).findFirst())
        .flatMap(Optional::stream)
        .toList();
  }

  /** An environment that no parsing touches. */
  private static Environment nowhere() {
    PrintStream nothing =
        new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
    return new Environment(
        Map.of(),
        Path.of("."),
        nothing,
        nothing,
        new Harness.FakeTerminal(),
        () -> Instant.EPOCH,
        ZoneOffset.UTC,
        context -> {
          throw new UnsupportedOperationException(context.toString());
        },
        duration -> {},
        lastWord -> () -> {});
  }
}
