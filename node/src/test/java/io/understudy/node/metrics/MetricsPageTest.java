package io.understudy.node.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} and what a scrape exposes, compared both ways. */
class MetricsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");
  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| (\\w+) \\| (\\w*) \\| (.*?) \\| (.+) \\|");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern HELP = Pattern.compile("# HELP (\\S+) (.*)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

  /** Java's runtime shows some of its metrics only when there was something to measure. */
  private static final String NOT_ALWAYS = "there once there was";

  private final BusyNode node = new BusyNode();

  private record Row(String kind, String unit, ImmutableSortedSet<String> labels, String meaning) {}

  private record Family(String kind, String help, TreeSet<String> labels) {}

  @BeforeEach
  void takeOver() {
    node.takesOver();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static ImmutableMap<String, Row> documented() throws IOException {
    ImmutableMap.Builder<String, Row> rows = ImmutableMap.builder();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        ImmutableSortedSet<String> labels =
            Splitter.on(',')
                .trimResults()
                .omitEmptyStrings()
                .splitToStream(row.group(4).replace("`", ""))
                .collect(ImmutableSortedSet.toImmutableSortedSet(String::compareTo));
        rows.put(row.group(1), new Row(row.group(2), row.group(3), labels, row.group(5)));
      }
    }
    return rows.buildOrThrow();
  }

  private Map<String, Family> exposed() {
    Map<String, Family> families = new TreeMap<>();
    Map<String, String> helps = new LinkedHashMap<>();
    List<String> lines = node.scrape(ScrapeFormat.TEXT).lines().toList();
    for (String line : lines) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      if (help.matches()) {
        helps.put(help.group(1), help.group(2));
      } else if (type.matches()) {
        families.put(
            type.group(1),
            new Family(type.group(2), helps.getOrDefault(type.group(1), ""), new TreeSet<>()));
      } else {
        addLabels(line, families);
      }
    }
    return families;
  }

  private static void addLabels(String sample, Map<String, Family> families) {
    String name = sample.replaceAll("[{ ].*", "");
    Family family = families.get(name);
    if (family == null) {
      family = families.get(name.replaceAll("_(bucket|sum|count)$", ""));
    }
    assertThat(family).as(sample).isNotNull();
    Matcher label = LABEL.matcher(sample.replaceAll("} [^}]*$", "}"));
    while (label.find()) {
      if (!label.group(1).equals("le")) {
        Objects.requireNonNull(family).labels().add(label.group(1));
      }
    }
  }

  @Test
  void everyMeterOfOursIsOnThePageWithItsKindUnitLabelsAndMeaning() throws IOException {
    ImmutableMap<String, Row> documented = documented();
    for (MeterName name : MeterName.values()) {
      assertThat(documented.get(name.exposed()))
          .as("docs/metrics.md: the row of %s", name.exposed())
          .isEqualTo(
              new Row(
                  name.kind().name().toLowerCase(Locale.ROOT),
                  name.unit(),
                  ImmutableSortedSet.copyOf(name.labels()),
                  name.description()));
    }
  }

  @Test
  void whatAScrapeExposesIsOnThePage() throws IOException {
    ImmutableMap<String, Row> documented = documented();
    exposed()
        .forEach((name, family) -> {
          assertThat(documented).as("docs/metrics.md has no row of %s", name).containsKey(name);
          Row row = Objects.requireNonNull(documented.get(name));
          assertThat(family.kind()).as(name).isEqualTo(row.kind());
          assertThat(family.labels()).as(name).isEqualTo(row.labels());
        });
  }

  @Test
  void whatIsOnThePageIsExposed() throws IOException {
    Map<String, Family> exposed = exposed();
    documented()
        .forEach((name, row) -> {
          if (!row.meaning().contains(NOT_ALWAYS)) {
            assertThat(exposed.keySet()).as("docs/metrics.md names %s", name).contains(name);
          }
        });
    for (MeterName name : MeterName.values()) {
      assertThat(Objects.requireNonNull(exposed.get(name.exposed())).help())
          .isEqualTo(name.description());
    }
  }
}
