package io.understudy.node.core.model;

import com.google.errorprone.annotations.Immutable;
import java.util.regex.Pattern;

/**
 * The name of a node, unique in its cluster: 1 to 32 of {@code a-z 0-9 -}, beginning with a letter.
 */
@Immutable
public record NodeId(String value) implements Comparable<NodeId> {
  private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  public NodeId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "node id '" + value + "' (expected: 1 to 32 of a-z 0-9 -, beginning with a letter)");
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
