package io.understudy.node.core.model;

import com.google.errorprone.annotations.Immutable;

/**
 * Why something is so: a CamelCase code for machines and one sentence (no full stop) for people.
 */
@Immutable
public record Reason(String code, String sentence) {
  @Override
  public String toString() {
    return code + ": " + sentence;
  }
}
