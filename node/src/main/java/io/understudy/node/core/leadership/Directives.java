package io.understudy.node.core.leadership;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * What the operators wish for a gateway, kept as state in coordination so that it survives every
 * crash.
 *
 * @param paused no automatic login or takeover
 * @param loggedOut nobody logs in until an operator says so
 * @param tradingHalted the trading gate stays shut
 * @param switchover a hand-over that is under way
 * @param reconcileRequest the request id of the last wish to reconcile; empty if there was none
 * @param acceptedDiscrepancies discrepancies that an operator accepts in {@code acceptedEpoch}
 * @param completed the newest requests that were carried out, oldest first, at most {@link
 *     #COMPLETED_MAX}
 */
@Immutable
public record Directives(
    boolean paused,
    boolean loggedOut,
    boolean tradingHalted,
    Optional<Switchover> switchover,
    String reconcileRequest,
    ImmutableList<String> acceptedDiscrepancies,
    Epoch acceptedEpoch,
    ImmutableList<CompletedRequest> completed) {
  public static final int COMPLETED_MAX = 64;
  public static final Directives NONE =
      new Directives(
          false,
          false,
          false,
          Optional.empty(),
          "",
          ImmutableList.of(),
          Epoch.NONE,
          ImmutableList.of());

  /**
   * A wish that {@code target} leads instead of {@code from}; finished when it serves, or when it
   * expires.
   */
  @Immutable
  public record Switchover(
      NodeId from, NodeId target, Epoch asOf, boolean force, String requestId, Instant at) {}

  /** One operator's request that was accepted: who, what, why. */
  @Immutable
  public record CompletedRequest(
      String requestId, String command, String operator, String reason, Epoch epoch, Instant at) {}

  /** The request of that id, if it was accepted before. */
  public Optional<CompletedRequest> request(String requestId) {
    return completed.stream().filter(r -> r.requestId().equals(requestId)).findFirst();
  }

  public Directives withPaused(boolean value) {
    return new Directives(
        value,
        loggedOut,
        tradingHalted,
        switchover,
        reconcileRequest,
        acceptedDiscrepancies,
        acceptedEpoch,
        completed);
  }

  public Directives withLoggedOut(boolean value) {
    return new Directives(
        paused,
        value,
        tradingHalted,
        switchover,
        reconcileRequest,
        acceptedDiscrepancies,
        acceptedEpoch,
        completed);
  }

  public Directives withTradingHalted(boolean value) {
    return new Directives(
        paused,
        loggedOut,
        value,
        switchover,
        reconcileRequest,
        acceptedDiscrepancies,
        acceptedEpoch,
        completed);
  }

  public Directives withSwitchover(Optional<Switchover> value) {
    return new Directives(
        paused,
        loggedOut,
        tradingHalted,
        value,
        reconcileRequest,
        acceptedDiscrepancies,
        acceptedEpoch,
        completed);
  }

  /**
   * The wish to compare positions anew, and to accept these discrepancies (by id) in this epoch.
   */
  public Directives withReconcile(String requestId, ImmutableList<String> accepted, Epoch epoch) {
    return new Directives(
        paused, loggedOut, tradingHalted, switchover, requestId, accepted, epoch, completed);
  }

  public Directives withCompleted(CompletedRequest request) {
    ImmutableList<CompletedRequest> all =
        ImmutableList.<CompletedRequest>builder().addAll(completed).add(request).build();
    return new Directives(
        paused,
        loggedOut,
        tradingHalted,
        switchover,
        reconcileRequest,
        acceptedDiscrepancies,
        acceptedEpoch,
        all.subList(Math.max(0, all.size() - COMPLETED_MAX), all.size()));
  }
}
