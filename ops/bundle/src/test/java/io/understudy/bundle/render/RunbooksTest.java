package io.understudy.bundle.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import io.understudy.bundle.render.RuleFile.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each alert has a page, each page an alert, and all pages have the template's shape. */
class RunbooksTest {
  private static final Path RUNBOOKS = Path.of("..", "..", "runbooks");
  private static final Path ALERTS = RUNBOOKS.resolve("alerts");
  private static final String TEMPLATE = "_template.md";
  private static final Pattern HEADING = Pattern.compile("(?m)^\\*\\*(\\w[\\w ]*)\\.\\*\\*");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (critical|warning|info|none) \\|");

  @Test
  void everyAlertHasItsPageAndEveryPageItsAlert() throws IOException {
    assertThat(pages()).isEqualTo(names());
  }

  @Test
  void everyPageBeginsWithItsNameAndListsTheSeveritiesOfItsRules() throws IOException {
    for (String name : pages()) {
      String page = page(name + ".md");
      assertThat(page).startsWith("# " + name + "\n");
      assertThat(found(ROW, page))
          .as(name)
          .containsExactlyInAnyOrderElementsOf(
              RuleFile.alerts().stream()
                  .filter(alert -> alert.name().equals(name))
                  .map(Alert::severity)
                  .toList());
    }
  }

  @Test
  void everyPageHasTheHeadingsOfTheTemplate() throws IOException {
    ImmutableList<String> headings = found(HEADING, page(TEMPLATE));
    assertThat(headings).contains("Symptom", "Decide", "Verify");
    for (String name : pages()) {
      assertThat(found(HEADING, page(name + ".md"))).as(name).isEqualTo(headings);
    }
  }

  @Test
  void theOverviewNamesEveryPage() throws IOException {
    String overview = Files.readString(RUNBOOKS.resolve("README.md"));
    for (String name : pages()) {
      assertThat(overview).contains("[" + name + "](alerts/" + name + ".md)");
    }
  }

  private static ImmutableSortedSet<String> names() {
    return RuleFile.alerts().stream()
        .map(Alert::name)
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }

  private static ImmutableSortedSet<String> pages() throws IOException {
    try (Stream<Path> files = Files.list(ALERTS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> !file.equals(TEMPLATE))
          .map(file -> file.replaceFirst("\\.md$", ""))
          .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
    }
  }

  private static String page(String file) throws IOException {
    return Files.readString(ALERTS.resolve(file));
  }

  private static ImmutableList<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(ImmutableList.toImmutableList());
  }
}
