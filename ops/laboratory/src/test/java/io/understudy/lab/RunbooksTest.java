package io.understudy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said of the procedures without executing them. */
final class RunbooksTest {
  private static final Path RUNBOOKS = Path.of("..", "..", "runbooks");
  private static final Path PROCEDURES = RUNBOOKS.resolve("procedures");
  private static final double EXECUTED_MIN = 0.9;
  private static final Pattern HEADING = Pattern.compile("(?m)^\\*\\*(\\w[\\w ]*)\\.\\*\\*");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern TITLE = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| \\[[^\\]]+\\]\\(procedures/([a-z-]+)\\.md\\) \\| .* \\| (.+) \\|$");
  private static final Pattern QUOTED = Pattern.compile("`([a-z-]+)`");

  @Test
  void everyProcedureHasTheHeadingsOfTheTemplate() throws IOException {
    List<String> headings = found(HEADING, text(PROCEDURES.resolve("_template.md")));
    assertThat(headings).hasSize(7);
    for (Path page : procedures()) {
      assertThat(found(HEADING, text(page))).as(page.toString()).isEqualTo(headings);
    }
  }

  @Test
  void everyScenarioAndStoryThatAPageNamesExists() throws IOException {
    for (Path file : procedures()) {
      RunbookPage page = RunbookPage.read(file);
      page.scenario()
          .ifPresent(
              name -> assertThat(RunbookScenes.SCENARIOS).as(file.toString()).containsKey(name));
      assertThat(page.scenario().isPresent())
          .as(file + " has steps and a scenario, or neither")
          .isEqualTo(!page.steps().isEmpty());
      assertThat(RunbookScenes.HAPPENINGS.keySet())
          .as(file.toString())
          .containsAll(page.happenings());
      assertThat(HostStories.all().stream().map(HostStory::name).toList())
          .as(file.toString())
          .containsAll(page.stories());
    }
  }

  @Test
  void everyScenarioAndHappeningIsUsed() throws IOException {
    List<RunbookPage> pages = procedures().stream().map(RunbookPage::read).toList();
    assertThat(pages.stream().flatMap(page -> page.scenario().stream()).toList())
        .containsAll(RunbookScenes.SCENARIOS.keySet());
    assertThat(pages.stream().flatMap(page -> page.happenings().stream()).toList())
        .containsAll(RunbookScenes.HAPPENINGS.keySet());
  }

  @Test
  void theOverviewSaysOfEveryProcedureWhatExecutesIt() throws IOException {
    Map<String, String> rows =
        ROW.matcher(text(RUNBOOKS.resolve("README.md")))
            .results()
            .collect(
                Collectors.toMap(
                    row -> row.group(1), row -> row.group(2), (one, _) -> one, LinkedHashMap::new));
    assertThat(rows.keySet())
        .isEqualTo(
            procedures().stream()
                .map(file -> RunbookPage.read(file).name())
                .collect(Collectors.toCollection(TreeSet::new)));
    int executed = 0;
    for (Path file : procedures()) {
      RunbookPage page = RunbookPage.read(file);
      String row = Objects.requireNonNull(rows.get(page.name()));
      List<String> named = new ArrayList<>(page.scenario().stream().toList());
      named.addAll(page.stories());
      assertThat(found(QUOTED, row)).as(page.name()).isEqualTo(named);
      assertThat(row.startsWith("not executed: ")).as(page.name()).isEqualTo(named.isEmpty());
      executed += named.isEmpty() ? 0 : 1;
    }
    assertThat((double) executed / rows.size()).isGreaterThanOrEqualTo(EXECUTED_MIN);
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    try (Stream<Path> files = Files.walk(RUNBOOKS)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".md")).sorted().toList()) {
        for (String link : found(LINK, text(file))) {
          if (!link.startsWith("https://") && !file.getFileName().toString().startsWith("_")) {
            expectTarget(file, link);
          }
        }
      }
    }
  }

  @Test
  void anAlertLeadsToTheProceduresThatItIsNamedIn() throws IOException {
    Pattern alert = Pattern.compile("\\(\\.\\./alerts/(\\w+)\\.md\\)");
    for (Path file : procedures()) {
      String text = text(file);
      for (String name : found(alert, text.substring(0, text.indexOf("**Symptom.**")))) {
        assertThat(text(RUNBOOKS.resolve("alerts").resolve(name + ".md")))
            .as(name)
            .contains("](../procedures/" + file.getFileName() + ")");
      }
    }
  }

  private static void expectTarget(Path file, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]);
    assertThat(target).as("the link %s of %s", link, file).exists();
    if (parts.length > 1) {
      assertThat(anchors(target)).as("the link %s of %s", link, file).contains(parts[1]);
    }
  }

  /** As GitHub makes them of titles. */
  private static ImmutableSet<String> anchors(Path file) throws IOException {
    return found(TITLE, text(file)).stream()
        .map(title ->
            title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .collect(ImmutableSet.toImmutableSet());
  }

  private static ImmutableList<Path> procedures() throws IOException {
    try (Stream<Path> files = Files.list(PROCEDURES)) {
      return files
          .filter(file -> !file.getFileName().toString().startsWith("_"))
          .sorted()
          .collect(ImmutableList.toImmutableList());
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(1)).toList();
  }
}
