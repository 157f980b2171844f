package io.understudy.bundle.authority;

import com.google.errorprone.annotations.Immutable;

/**
 * Where a signal leads from a stage.
 *
 * @param <S> stages
 */
@Immutable(containerOf = "S")
sealed interface Verdict<S> {
  /** To that stage. */
  @Immutable(containerOf = "S")
  record Go<S>(S stage) implements Verdict<S> {}

  /**
   * Nowhere.
   *
   * @param sentence why, and what else can be done
   */
  @Immutable(containerOf = "S")
  record Refused<S>(String sentence) implements Verdict<S> {}

  static <S> Verdict<S> go(S stage) {
    return new Go<>(stage);
  }

  static <S> Verdict<S> refused(String sentence) {
    return new Refused<>(sentence);
  }

  /** The stage that it leads to. */
  default S stageOrThrow() {
    return switch (this) {
      case Go<S>(S stage) -> stage;
      case Refused<S>(String sentence) -> throw new AuthorityException(sentence);
    };
  }
}
