package io.understudy.bundle.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.understudy.settings.ConfigException;
import io.understudy.settings.ConfigException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that cannot be used, each with all that is said of it: the lines behind "# expected:" at
 * its end.
 */
final class BrokenClusterFilesTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/understudy/bundle/cluster/broken");
  private static final String EXPECTED = "# expected:";
  private static final Pattern QUOTED = Pattern.compile("[a-z][a-z.-]* \\(line \\d+\\): [^`\\n]+");

  static Stream<String> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyMistakeIsNamedWithItsLineItsKeyAndTheRemedy(String name) throws IOException {
    assertThat(problems(FOLDER.resolve(name)).stream().map(Problem::toString))
        .containsExactlyElementsOf(expected(Files.readString(FOLDER.resolve(name))));
  }

  @ParameterizedTest
  @MethodSource("files")
  void noSentenceShowsASecret(String name) {
    assertThat(problems(FOLDER.resolve(name)).toString()).doesNotContain("hunter2");
  }

  @Test
  void thereAreEnoughOfThem() throws IOException {
    assertThat(files()).hasSizeGreaterThan(60);
  }

  @Test
  void theManualQuotesWhatIsReallySaid() throws IOException {
    Set<String> said = new HashSet<>();
    for (String name : files().toList()) {
      said.addAll(expected(Files.readString(FOLDER.resolve(name))));
    }

    assertThat(
            QUOTED
                .matcher(Files.readString(Path.of("../../docs/cluster-file.md")))
                .results()
                .map(quoted -> quoted.group().strip()))
        .hasSizeGreaterThan(8)
        .isSubsetOf(said);
  }

  private static ImmutableList<Problem> problems(Path file) {
    return catchThrowableOfType(ConfigException.class, () -> ClusterFile.load(file)).problems();
  }

  private static ImmutableList<String> expected(String text) {
    return text.lines()
        .dropWhile(line -> !line.equals(EXPECTED))
        .skip(1)
        .map(line -> line.replaceFirst("^# +", ""))
        .collect(ImmutableList.toImmutableList());
  }
}
