package io.understudy.bundle.cluster;

import com.google.errorprone.annotations.Immutable;
import java.util.Optional;

/**
 * Practised failovers.
 *
 * @param operator with whose certificate unattended drills are run, on that operator's host; there
 *     is one unless nothing runs unattended
 * @param probes operators' hosts reach the relays, so that drills are measured through them
 */
@Immutable
public record Drills(Unattended unattended, Optional<String> operator, boolean probes) {
  public static final Drills DEFAULT = new Drills(Unattended.NONE, Optional.empty(), false);

  /** What happens each quarter without a person. */
  public enum Unattended {
    /** A line in the log asks for a drill. */
    NONE,
    LOGIN_ONLY,
    SWITCHOVER
  }
}
