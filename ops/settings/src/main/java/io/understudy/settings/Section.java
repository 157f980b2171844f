package io.understudy.settings;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.settings.YamlNode.Entry;
import io.understudy.settings.YamlNode.Mapping;
import io.understudy.settings.YamlNode.Scalar;
import io.understudy.settings.YamlNode.Sequence;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One mapping of the file, read key by key. Reading never stops at a mistake: it is noted in the
 * {@link Document}, a stand-in is returned, and whoever built something of stand-ins throws it away
 * at the end. What was not asked for by then is an unknown key.
 */
public final class Section {
  private final Document document;
  private final String path;
  private final OptionalInt line;
  private final Mapping mapping;
  private final boolean standIn;
  private final Set<String> known = new LinkedHashSet<>();

  /**
   * @param line of the key that opens the section; empty for the root, and where the section does
   *     not stand in the file
   * @param standIn whether something else stands in its place, which is noted: nothing more is
   */
  Section(Document document, String path, OptionalInt line, Mapping mapping, boolean standIn) {
    this.document = document;
    this.path = path;
    this.line = line;
    this.mapping = mapping;
    this.standIn = standIn;
  }

  public String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  public boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  public <T> T required(String key, Format<T> format) {
    Optional<T> value = read(key, format);
    if (value.isEmpty() && !has(key)) {
      missing(key, format.expected());
    }
    return value.orElse(format.placeholder());
  }

  public <T> T optional(String key, Format<T> format, T standard) {
    Optional<T> value = read(key, format);
    if (value.isEmpty()) {
      document.effective(path(key), format.print(standard));
    }
    return value.orElse(standard);
  }

  public <T> Optional<T> optional(String key, Format<T> format) {
    Optional<T> value = read(key, format);
    if (value.isEmpty()) {
      document.effective(path(key), "(none)");
    }
    return value;
  }

  /** A list of single values; one value alone is no list. */
  public <T> ImmutableList<T> list(String key, Format<T> format, ImmutableList<T> standard) {
    Optional<Entry> entry = entry(key);
    ImmutableList<T> values = entry.map(e -> items(key, e.value(), format)).orElse(standard);
    document.effective(path(key), values.stream().map(format::print).toList().toString());
    return values;
  }

  /** A list of sections. */
  public ImmutableList<Section> sections(String key) {
    ImmutableList<YamlNode> items =
        entry(key).map(entry -> sequence(key, entry.value()).items()).orElseGet(ImmutableList::of);
    if (items.isEmpty()) {
      document.effective(path(key), "[]");
    }
    ImmutableList.Builder<Section> sections = ImmutableList.builder();
    for (int i = 0; i < items.size(); i++) {
      sections.add(child(path(key) + "[" + i + "]", items.get(i).line(), items.get(i)));
    }
    return sections.build();
  }

  /** A section; where it does not stand in the file, an empty one. */
  public Section section(String key) {
    return entry(key)
        .map(entry -> child(path(key), entry.line(), entry.value()))
        .orElseGet(() -> document.section(path(key), OptionalInt.empty(), Mapping.EMPTY, standIn));
  }

  /** A section that may be left out as a whole. */
  public Optional<Section> optionalSection(String key) {
    Optional<Section> section =
        entry(key).map(entry -> child(path(key), entry.line(), entry.value()));
    if (section.isEmpty()) {
      document.effective(path(key), "(none)");
    }
    return section;
  }

  /** All sections below this one, whose keys are names that the operator chose. */
  public ImmutableMap<String, Section> named() {
    ImmutableMap.Builder<String, Section> all = ImmutableMap.builder();
    mapping.entries().keySet().forEach(key -> all.put(key, section(key)));
    return all.buildOrThrow();
  }

  /** All single values of this section, whose keys are names that the operator chose. */
  public <T> ImmutableMap<String, T> namedValues(Format<T> format) {
    ImmutableMap.Builder<String, T> all = ImmutableMap.builder();
    mapping.entries().keySet().forEach(key -> all.put(key, required(key, format)));
    return all.buildOrThrow();
  }

  /** The keys that were asked for so far, as paths from the root. */
  Stream<String> keys() {
    return known.stream().map(this::path);
  }

  /** Notes the keys that nobody asked for. */
  void reportUnknown() {
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (known.contains(key)) {
            return;
          }
          Optional<String> nearest = NearestKey.to(key, known);
          document.problem(
              path(key),
              OptionalInt.of(entry.line()),
              nearest
                  .map(other -> "unknown key (did you mean '" + other + "'?)")
                  .orElseGet(() -> "unknown key (known here: " + String.join(", ", known) + ")"));
          nearest.ifPresent(other -> document.forgiveMissing(path(other)));
        });
  }

  /** Notes keys that do not go with what was chosen elsewhere in this section. */
  public void unused(String because, String... keys) {
    for (String key : keys) {
      entry(key)
          .ifPresent(entry ->
              document.problem(
                  path(key), OptionalInt.of(entry.line()), "not used " + because + " (remove it)"));
    }
  }

  /** Passes over keys whose meaning hangs on another one that is wrong. */
  public void tolerate(String... keys) {
    known.addAll(Arrays.asList(keys));
  }

  /** Notes that a key is not there; the line is that of the section that lacks it. */
  public void missing(String key, String expected) {
    if (!standIn) {
      document.missing(path(key), line, "missing (expected: " + expected + ")");
    }
  }

  /** Notes a problem with the value of a key. */
  public void reject(String key, String sentence) {
    document.problem(path(key), lineOf(key), sentence);
  }

  private OptionalInt lineOf(String key) {
    Entry entry = mapping.entries().get(key);
    return entry == null ? line : OptionalInt.of(entry.line());
  }

  private Optional<Entry> entry(String key) {
    known.add(key);
    return Optional.ofNullable(mapping.entries().get(key));
  }

  private <T> Optional<T> read(String key, Format<T> format) {
    return entry(key)
        .flatMap(entry -> scalar(path(key), entry.value(), format))
        .map(value -> {
          document.effective(path(key), format.print(value));
          return value;
        });
  }

  private <T> Optional<T> scalar(String valuePath, YamlNode node, Format<T> format) {
    OptionalInt line = OptionalInt.of(node.line());
    if (!(node instanceof Scalar scalar) || scalar.empty()) {
      document.problem(valuePath, line, format.sentence(node.kind()));
      return Optional.empty();
    }
    try {
      return Optional.of(format.parse(scalar.text()));
    } catch (Format.Rejected e) {
      document.problem(valuePath, line, e.sentence());
      return Optional.empty();
    }
  }

  private <T> ImmutableList<T> items(String key, YamlNode node, Format<T> format) {
    ImmutableList.Builder<T> values = ImmutableList.builder();
    ImmutableList<YamlNode> items = sequence(key, node).items();
    for (int i = 0; i < items.size(); i++) {
      scalar(path(key) + "[" + i + "]", items.get(i), format).ifPresent(values::add);
    }
    return values.build();
  }

  private Sequence sequence(String key, YamlNode node) {
    if (node instanceof Sequence sequence) {
      return sequence;
    }
    document.problem(path(key), OptionalInt.of(node.line()), node.kind() + " (expected: a list)");
    return new Sequence(node.line(), ImmutableList.of());
  }

  private Section child(String childPath, int childLine, YamlNode node) {
    OptionalInt opened = OptionalInt.of(childLine);
    if (node instanceof Mapping child) {
      return document.section(childPath, opened, child, false);
    }
    boolean nothing = node instanceof Scalar scalar && scalar.empty();
    if (!nothing && !document.hasProblemAt(childPath)) {
      document.problem(
          childPath, OptionalInt.of(node.line()), node.kind() + " (expected: a section)");
    }
    return document.section(childPath, opened, Mapping.EMPTY, !nothing);
  }

  /** Whether nothing is wrong with these keys so far. */
  public boolean sound(String... keys) {
    if (standIn) {
      return false;
    }
    for (String key : keys) {
      if (document.hasProblemAt(path(key))) {
        return false;
      }
    }
    return true;
  }
}
