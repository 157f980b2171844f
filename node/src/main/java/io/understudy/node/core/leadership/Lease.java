package io.understudy.node.core.leadership;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.SessionId;
import java.time.Duration;
import java.util.Optional;

/**
 * The node's own lease clock, one for all its cells.
 *
 * <p>The ensemble cannot give leadership away before T has passed since the last touch that its
 * leader processed. A touch travels there in the server's answer to a learner ping, which the
 * leader sends every half tick. Two renewals count when a ping was sent in between. Each direction
 * between two servers is one connection that keeps its order: the answer to the second write comes
 * behind that ping; the sync that follows the answer comes behind the answer to the ping, which
 * carries the touch of the first renewal. A client that changes its server touches the session at
 * the leader by that. So the lease runs from the <em>send</em> time of the last-but-one renewal
 * that counts. One renewal alone gives no lease. A new session starts anew.
 *
 * @param session whose renewals these are
 * @param lastSent send time of the last renewal that counts
 * @param lastWritten when the answer to its write was seen
 * @param previousSent send time of the one before it that counts, of the same session
 */
@Immutable
public record Lease(
    SessionId session,
    MonotonicTime lastSent,
    MonotonicTime lastWritten,
    Optional<MonotonicTime> previousSent) {

  /**
   * Half a tick, of 500 ms at most, and 50 ms by which a ping may be late. From send to send would
   * not do: a renewal whose way to the server was slow and one right behind it may arrive there
   * together.
   */
  public static final Duration SPACING_MIN = Duration.ofMillis(300);

  /**
   * The lease after one more renewal. One that was sent within {@link #SPACING_MIN} of the last
   * one's answer changes nothing: no ping need have been sent between the two, so it says nothing
   * about the one before it.
   */
  public static Lease renewed(
      Optional<Lease> before, SessionId session, MonotonicTime sentAt, MonotonicTime writtenAt) {
    return before
        .filter(lease -> lease.session.equals(session))
        .map(lease ->
            sentAt.since(lease.lastWritten).compareTo(SPACING_MIN) < 0
                ? lease
                : new Lease(session, sentAt, writtenAt, Optional.of(lease.lastSent)))
        .orElseGet(() -> new Lease(session, sentAt, writtenAt, Optional.empty()));
  }

  /** From when on a renewal counts. */
  public MonotonicTime spacedAt() {
    return lastWritten.plus(SPACING_MIN);
  }

  /** When the right to lead ends; empty while there is none. */
  public Optional<MonotonicTime> end(LeaseTimings timings) {
    return previousSent.map(
        sent -> sent.plus(timings.sessionTimeout()).minus(timings.safetyMargin()));
  }

  /** When self-fencing must begin, so that it is over at the end. */
  public Optional<MonotonicTime> selfFenceAt(LeaseTimings timings) {
    return end(timings).map(end -> end.minus(timings.selfFenceLead()));
  }
}
