package io.understudy.bundle.doctor.machine;

import java.util.function.Function;

/** What a machine says to a question, or why it says nothing. */
public sealed interface Answer<T> {
  /** It is so. */
  record Known<T>(T value) implements Answer<T> {}

  /**
   * Nothing is known.
   *
   * @param sentence a clause, e.g. what the command said on standard error
   */
  record Unknown<T>(Cause cause, String sentence) implements Answer<T> {}

  /** Why there is no answer. */
  enum Cause {
    /** The command is not installed, or the file does not exist. */
    ABSENT,
    /** Only root may ask. */
    NOT_PERMITTED,
    /** The deadline passed. */
    TIMED_OUT,
    /** Anything else. */
    FAILED
  }

  static <T> Answer<T> known(T value) {
    return new Known<>(value);
  }

  static <T> Answer<T> unknown(Cause cause, String sentence) {
    return new Unknown<>(cause, sentence);
  }

  /** The answer to a question that follows from this one. */
  default <R> Answer<R> map(Function<T, R> onward) {
    return switch (this) {
      case Known<T>(T value) -> new Known<>(onward.apply(value));
      case Unknown<T>(Cause cause, String sentence) -> new Unknown<>(cause, sentence);
    };
  }
}
