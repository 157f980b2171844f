package io.understudy.settings;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.settings.ConfigException.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A YAML document as a tree that remembers the line of everything. Scalars stay text: what a text
 * means is for its key to say, so {@code 010}, {@code no} and {@code 12:30} hold no surprise.
 */
sealed interface YamlNode {
  int line();

  /** What people call it. */
  String kind();

  record Mapping(int line, ImmutableMap<String, Entry> entries) implements YamlNode {
    static final Mapping EMPTY = new Mapping(0, ImmutableMap.of());

    @Override
    public String kind() {
      return "a section";
    }
  }

  /** A key, with its own line, and its value. */
  record Entry(int line, YamlNode value) {}

  record Sequence(int line, ImmutableList<YamlNode> items) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** {@code empty}: nothing stands there, which is not the same as an empty quoted text. */
  record Scalar(int line, String text, boolean empty) implements YamlNode {
    @Override
    public String kind() {
      return empty ? "nothing" : "a single value";
    }
  }

  /**
   * Parses one document. Keys that stand twice are reported and the first one is kept; where the
   * text is no YAML at all, that is the only problem and the tree is empty.
   */
  static Mapping parse(String text, List<Problem> problems) {
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        problems.add(new Problem("", OptionalInt.empty(), "the file is empty"));
        return Mapping.EMPTY;
      }
      YamlNode root = new TreeBuilder(parser, problems).node(first, "");
      if (parser.nextToken() != null) {
        problems.add(
            new Problem(
                "",
                OptionalInt.of(parser.currentTokenLocation().getLineNr()),
                "a second document begins (expected: one document)"));
      }
      if (root instanceof Mapping mapping) {
        return mapping;
      }
      problems.add(
          new Problem(
              "",
              OptionalInt.of(root.line()),
              "found " + root.kind() + " (expected: keys and values)"));
    } catch (JacksonException e) {
      problems.add(
          new Problem(
              "",
              OptionalInt.of(e.getLocation() == null ? 1 : e.getLocation().getLineNr()),
              "not valid YAML: " + oneLine(e.getOriginalMessage())));
    } catch (IOException e) {
      throw new IllegalStateException("reading from a text failed", e);
    }
    return Mapping.EMPTY;
  }

  /** Without the excerpts of the file, which are indented. */
  private static String oneLine(String message) {
    return message
        .lines()
        .filter(line -> !line.isEmpty() && !Character.isWhitespace(line.charAt(0)))
        .collect(Collectors.joining(", "));
  }

  /** Turns the parser's tokens into the tree; recursion is bounded by the parser's own limit. */
  record TreeBuilder(YAMLParser parser, List<Problem> problems) {
    private int here() {
      return parser.currentTokenLocation().getLineNr();
    }

    YamlNode node(JsonToken token, String path) throws IOException {
      int line = here();
      return switch (token) {
        case START_OBJECT -> mapping(line, path);
        case START_ARRAY -> sequence(line, path);
        case VALUE_NULL -> new Scalar(line, "", true);
        default -> {
          if (parser.isCurrentAlias()) {
            problems.add(
                new Problem(path, OptionalInt.of(line), "an alias (expected: the value itself)"));
          }
          yield new Scalar(line, parser.getText(), false);
        }
      };
    }

    private Mapping mapping(int line, String path) throws IOException {
      Map<String, Entry> entries = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        int keyLine = here();
        String key = parser.currentName();
        String keyPath = path.isEmpty() ? key : path + "." + key;
        YamlNode value = node(parser.nextToken(), keyPath);
        Entry before = entries.putIfAbsent(key, new Entry(keyLine, value));
        if (before != null) {
          problems.add(
              new Problem(
                  keyPath,
                  OptionalInt.of(keyLine),
                  "stands twice (first in line " + before.line() + ")"));
        }
      }
      return new Mapping(line, ImmutableMap.copyOf(entries));
    }

    private Sequence sequence(int line, String path) throws IOException {
      List<YamlNode> items = new ArrayList<>();
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        items.add(node(token, path + "[" + items.size() + "]"));
      }
      return new Sequence(line, ImmutableList.copyOf(items));
    }
  }
}
