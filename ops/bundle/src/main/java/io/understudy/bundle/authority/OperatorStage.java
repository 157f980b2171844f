package io.understudy.bundle.authority;

import java.util.Locale;

/**
 * How far an operator's certificate has been replaced.
 *
 * <pre>
 * STEADY  what was issued counts
 * ISSUED  a new one was issued, the former ones still count
 * REVOKED nothing that was issued counts, and nothing is issued
 * </pre>
 */
enum OperatorStage {
  STEADY,
  ISSUED,
  REVOKED;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
