package io.understudy.node.core.peers;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.MonotonicTime;
import java.time.Duration;
import java.util.Optional;

/**
 * A suspicion on its way to a condition, or a condition on its way out.
 *
 * @param sentence as of the moment at which it became a condition, and the latest before
 * @param since when it arose
 * @param condition it has lasted, and is told of
 * @param quietSince of a condition: since when nothing speaks for it any more
 */
@Immutable
record Doubt(
    String sentence, MonotonicTime since, boolean condition, Optional<MonotonicTime> quietSince) {
  private static final Duration QUIET = Duration.ofSeconds(3);

  static Doubt arisen(PeerCondition.Type type, String sentence, MonotonicTime now) {
    return new Doubt(sentence, now, patience(type).isZero(), Optional.empty());
  }

  /**
   * How long a suspicion must last. What a peer that does not answer is suspected of has waited for
   * three probes already; views differ for a moment in each takeover; a peer that was restarted is
   * registered a second time only after its former session has ended; versions differ in each
   * update.
   */
  private static Duration patience(PeerCondition.Type type) {
    return switch (type) {
      case PEER_UNREACHABLE_BUT_REGISTERED -> Duration.ZERO;
      case CLOCK_SKEW, TUNNEL_STALE, SPLIT_VIEW -> Duration.ofSeconds(5);
      case PEER_REGISTERED_ELSEWHERE -> Duration.ofSeconds(15);
      case VERSION_SKEW -> Duration.ofSeconds(60);
    };
  }

  Doubt confirmed(PeerCondition.Type type, String latest, MonotonicTime now) {
    boolean lasted = condition || now.since(since).compareTo(patience(type)) >= 0;
    return new Doubt(condition ? sentence : latest, since, lasted, Optional.empty());
  }

  /** Nothing speaks for it now; empty when it is over. */
  Optional<Doubt> unconfirmed(MonotonicTime now) {
    if (!condition) {
      return Optional.empty();
    }
    MonotonicTime quiet = quietSince.orElse(now);
    return now.since(quiet).compareTo(QUIET) >= 0
        ? Optional.empty()
        : Optional.of(new Doubt(sentence, since, true, Optional.of(quiet)));
  }
}
