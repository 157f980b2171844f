package io.understudy.node.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table that links the protocol's model to the code: it is whole, and every link is true. */
class ModelTableTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** A broken variant only, and so no deed of the product. */
  private static final ImmutableSet<String> NOT_IN_THE_PRODUCT =
      ImmutableSet.of("CustodyAfterwards");

  private static final Pattern DEFINITION =
      Pattern.compile("(?m)^([A-Z][A-Za-z]*)(\\([^)]*\\))? ==");
  private static final Pattern ALTERNATIVE =
      Pattern.compile("(?:\\\\/|:|==) ([A-Z][A-Za-z]*)\\(n(?:, m)?\\)");
  private static final Pattern LINK =
      Pattern.compile("\\[`(\\w+)\\.(\\w+)`]\\((node/[\\w/]+/(\\w+)\\.java)\\)");
  private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*)`");

  private static String model = "";
  private static ImmutableList<String> rows = ImmutableList.of();

  @BeforeAll
  static void readBoth() throws IOException {
    model = Files.readString(ROOT.resolve("ops/model/Takeover.tla"));
    String page = Files.readString(ROOT.resolve("ARCHITECTURE.md"));
    int begin = page.indexOf("<!-- model:begin -->\n");
    int end = page.indexOf("<!-- model:end -->");
    assertThat(begin).isPositive().isLessThan(end);
    rows =
        page.substring(begin, end)
            .lines()
            .filter(line -> line.startsWith("|"))
            .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<MatchResult> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().collect(ImmutableList.toImmutableList());
  }

  private static ImmutableSet<String> names(Pattern pattern, String text) {
    return matches(pattern, text).stream()
        .map(match -> match.group(1))
        .collect(ImmutableSet.toImmutableSet());
  }

  /** What the model's {@code Next} is made of. */
  private static ImmutableSet<String> actions() {
    String next = model.substring(model.indexOf("\nProgress(n) =="), model.indexOf("\nNext =="));
    ImmutableSet<String> groups = ImmutableSet.of("Progress", "Return", "Chaos", "Prompt");
    return ImmutableSet.<String>builder()
        .add("Tick")
        .addAll(names(ALTERNATIVE, next))
        .build()
        .stream()
        .filter(name -> !groups.contains(name) && !NOT_IN_THE_PRODUCT.contains(name))
        .collect(ImmutableSet.toImmutableSet());
  }

  @Test
  void everyActionOfTheModelStandsInTheTableAndNothingElse() {
    ImmutableSet<String> listed =
        rows.stream()
            .flatMap(row -> names(NAME, row.split("\\|", -1)[1]).stream())
            .collect(ImmutableSet.toImmutableSet());
    assertThat(actions()).hasSizeGreaterThan(25);
    assertThat(names(DEFINITION, model)).containsAll(listed);
    assertThat(listed).containsExactlyInAnyOrderElementsOf(actions());
  }

  @Test
  void everyLinkLeadsToAClassThatHasTheMethod() throws IOException {
    ImmutableList<MatchResult> links = matches(LINK, String.join("\n", rows));
    assertThat(links).hasSizeGreaterThan(25);
    for (MatchResult link : links) {
      Path source = ROOT.resolve(link.group(3));
      assertThat(source).isRegularFile();
      assertThat(link.group(4)).as("file of " + link.group()).isEqualTo(link.group(1));
      Pattern declared =
          Pattern.compile("(?m)^  (?:[\\w@<>?, .]+ )?" + link.group(2) + "\\((?!.*\\);)");
      assertThat(Files.readString(source)).as(link.group()).containsPattern(declared);
    }
  }
}
