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
 */
enum AuthorityStage {
  STEADY,
  TRUSTED,
  ISSUED;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
