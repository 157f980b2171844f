package io.understudy.bundle.doctor.check;

import com.google.common.base.CharMatcher;
import io.understudy.bundle.doctor.machine.Answer;
import io.understudy.bundle.doctor.machine.Answer.Unknown;

/** A question without an answer is a finding, since nobody knows what it would have shown. */
final class Unanswered {
  static final String AS_ROOT = "sudo understudy cluster doctor";

  private Unanswered() {}

  /**
   * Of a command.
   *
   * @param debianPackage that has it
   * @param byHand the command as a person would try it
   */
  static Finding command(String subject, Unknown<?> unknown, String debianPackage, String byHand) {
    return switch (unknown.cause()) {
      case ABSENT ->
          new Finding(
              Symptom.TOOL_MISSING,
              subject,
              "It cannot be looked at: " + clause(unknown),
              "sudo apt-get install " + debianPackage);
      case NOT_PERMITTED -> notPermitted(subject, unknown);
      case TIMED_OUT ->
          new Finding(
              Symptom.TOOL_HANGS,
              subject,
              "It cannot be looked at: " + clause(unknown),
              "sudo " + byHand);
      case FAILED ->
          new Finding(
              Symptom.TOOL_FAILED,
              subject,
              "It cannot be looked at: " + byHand + " says: " + clause(unknown),
              "sudo " + byHand);
    };
  }

  /** Of a file that is there and cannot be read. */
  static Finding file(String path, Unknown<?> unknown) {
    return unknown.cause() == Answer.Cause.NOT_PERMITTED
        ? notPermitted(path, unknown)
        : new Finding(
            Symptom.TOOL_FAILED,
            path,
            "It cannot be looked at: " + clause(unknown),
            "sudo ls -l " + path);
  }

  private static Finding notPermitted(String subject, Unknown<?> unknown) {
    return new Finding(
        Symptom.NOT_PERMITTED,
        subject,
        "It may not be looked at by this user: " + clause(unknown),
        AS_ROOT);
  }

  /** Ends with one full stop, whether or not the program wrote one. */
  private static String clause(Unknown<?> unknown) {
    return CharMatcher.is('.').trimTrailingFrom(unknown.sentence()) + ".";
  }
}
