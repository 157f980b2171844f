package io.understudy.node.core.leadership;

import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.SessionId;
import java.time.Duration;
import java.util.Optional;

/**
 * The node's own lease clock, one for all its cells.
 *
 * <p>The ensemble cannot give leadership away before T has passed since the last touch that it
 * processed. An acknowledged renewal proves that the session lived when the write was committed,
 * and that the touch of the renewal before it had arrived; so the lease runs from the <em>send</em>
 * time of the last-but-one acknowledged renewal. One renewal alone gives no lease. A new session
 * starts anew.
 *
 * @param session whose renewals these are
 * @param lastSent send time of the last acknowledged renewal that counts
 * @param lastAnswered when its answer was seen
 * @param previousSent send time of the one before it that counts, of the same session
 */
@Immutable
public record Lease(
    SessionId session,
    MonotonicTime lastSent,
    MonotonicTime lastAnswered,
    Optional<MonotonicTime> previousSent) {

  /**
   * Touches reach the ensemble's leader every half tick, of 500 ms at most; a renewal sent so much
   * later than another was answered was committed after the touch of that other had arrived. From
   * send to send would not do: one whose way to the server was slow and one right behind it may
   * arrive there together.
   */
  public static final Duration SPACING_MIN = Duration.ofMillis(300);

  /**
   * The lease after one more acknowledged renewal. One that was sent within {@link #SPACING_MIN} of
   * the last one's answer changes nothing: no touch need have travelled between the two, so it says
   * nothing about the one before it.
   */
  public static Lease renewed(
      Optional<Lease> before, SessionId session, MonotonicTime sentAt, MonotonicTime answeredAt) {
    return before
        .filter(lease -> lease.session.equals(session))
        .map(lease ->
            sentAt.since(lease.lastAnswered).compareTo(SPACING_MIN) < 0
                ? lease
                : new Lease(session, sentAt, answeredAt, Optional.of(lease.lastSent)))
        .orElseGet(() -> new Lease(session, sentAt, answeredAt, Optional.empty()));
  }

  /** From when on a renewal counts. */
  public MonotonicTime spacedAt() {
    return lastAnswered.plus(SPACING_MIN);
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
