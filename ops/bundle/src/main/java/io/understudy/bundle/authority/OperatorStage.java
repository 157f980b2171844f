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

  Verdict<OperatorStage> on(Signal signal) {
    return switch (signal) {
      case ADVANCE ->
          switch (this) {
            case STEADY -> Verdict.go(ISSUED);
            // Nothing former counts: there is nothing to wait for.
            case ISSUED, REVOKED -> Verdict.go(STEADY);
          };
      case ABORT ->
          switch (this) {
            case STEADY ->
                Verdict.refused(
                    "The operator's certificate is not being replaced: there is nothing to abort.");
            case ISSUED ->
                Verdict.refused(
                    "The operator's new certificate has been issued, and the former one still"
                        + " counts: run `understudy cluster rotate operator` to finish, or"
                        + " `understudy cluster revoke operator` to end both.");
            case REVOKED ->
                Verdict.refused(
                    "A revocation is not taken back: run `understudy cluster rotate operator` for a"
                        + " new certificate.");
          };
      case REVOKE -> Verdict.go(REVOKED);
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
