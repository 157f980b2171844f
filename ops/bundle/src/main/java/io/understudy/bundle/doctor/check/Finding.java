package io.understudy.bundle.doctor.check;

import com.google.errorprone.annotations.Immutable;

/**
 * One thing that a check found, a good one included.
 *
 * @param subject what it is about: an interface with its peer, a path, a unit
 * @param sentence full and without a secret
 * @param remedy a command, or a sentence where none does; empty for a good one
 */
@Immutable
public record Finding(Symptom symptom, String subject, String sentence, String remedy) {
  static Finding healthy(String subject, String sentence) {
    return new Finding(Symptom.HEALTHY, subject, sentence, "");
  }

  public Severity severity() {
    return symptom.severity();
  }
}
