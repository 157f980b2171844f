package io.understudy.settings;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import io.understudy.settings.ConfigException.Problem;
import io.understudy.settings.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The file while it is read: its sections, the problems found so far, and the values that will be
 * in effect. One thread.
 */
public final class Document {
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Problem> missing = new LinkedHashMap<>();
  private final Map<String, String> effective = new LinkedHashMap<>();
  private final List<Section> sections = new ArrayList<>();
  private final Mapping root;
  private final boolean readable;

  public Document(String text) {
    root = YamlNode.parse(text, problems);
    readable = problems.isEmpty() || !root.entries().isEmpty();
  }

  /** Whether there is anything to read key by key. */
  public boolean readable() {
    return readable;
  }

  public Section root() {
    return section("", OptionalInt.empty(), root, false);
  }

  Section section(String path, OptionalInt line, Mapping mapping, boolean standIn) {
    Section section = new Section(this, path, line, mapping, standIn);
    sections.add(section);
    return section;
  }

  void problem(String path, OptionalInt line, String sentence) {
    problems.add(new Problem(path, line, sentence));
  }

  void missing(String path, OptionalInt line, String sentence) {
    missing.put(path, new Problem(path, line, sentence));
  }

  /** The key stands there after all, misspelt: one problem is enough. */
  void forgiveMissing(String path) {
    missing.remove(path);
  }

  void effective(String path, String value) {
    effective.put(path, value);
  }

  boolean hasProblemAt(String path) {
    return missing.containsKey(path)
        || problems.stream()
            .anyMatch(p -> p.path().equals(path) || p.path().startsWith(path + "["));
  }

  /** All problems in the order of the file, those without a line last. Ends the reading. */
  public ImmutableList<Problem> problems() {
    if (readable) {
      sections.forEach(Section::reportUnknown);
      problems.addAll(missing.values());
    }
    return problems.stream()
        .sorted(Comparator.comparingInt(p -> p.line().orElse(Integer.MAX_VALUE)))
        .distinct()
        .collect(ImmutableList.toImmutableList());
  }

  public ImmutableMap<String, String> effective() {
    return ImmutableMap.copyOf(effective);
  }

  /** Every key that was asked for, whether it stands in the file or not; dotted, sorted. */
  public ImmutableSortedSet<String> keys() {
    return sections.stream()
        .flatMap(Section::keys)
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }
}
