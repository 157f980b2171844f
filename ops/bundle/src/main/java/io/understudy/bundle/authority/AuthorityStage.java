package io.understudy.bundle.authority;

import java.util.Locale;

/**
 * How far the two certificate authorities have been replaced. Each stage may reach the hosts in any
 * order: whatever a host of one stage shows, a host of the next one trusts, and the other way
 * round.
 *
 * <pre>
 * STEADY  one generation is trusted and issues
 * TRUSTED both are trusted, the old one issues
 * ISSUED  both are trusted, the new one issues
 * STEADY  the new one is trusted and issues
 * </pre>
 *
 * <p>There is no way back from ISSUED: certificates of operators may have been revoked or made
 * since, and the old generation would not know.
 */
enum AuthorityStage {
  STEADY,
  TRUSTED,
  ISSUED;

  Verdict<AuthorityStage> on(Signal signal) {
    return switch (signal) {
      case ADVANCE ->
          switch (this) {
            case STEADY -> Verdict.go(TRUSTED);
            case TRUSTED -> Verdict.go(ISSUED);
            case ISSUED -> Verdict.go(STEADY);
          };
      case ABORT ->
          switch (this) {
            case STEADY ->
                Verdict.refused(
                    "The certificate authorities are not being replaced: there is nothing to"
                        + " abort.");
            case TRUSTED -> Verdict.go(STEADY);
            case ISSUED ->
                Verdict.refused(
                    "The new authorities have issued certificates, so this rotation can only be"
                        + " finished: run `understudy cluster rotate certificates --authorities`,"
                        + " and once more to go back to other ones.");
          };
      case REVOKE ->
          Verdict.refused(
              "Authorities are not revoked but replaced: run `understudy cluster rotate"
                  + " certificates --authorities`.");
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
