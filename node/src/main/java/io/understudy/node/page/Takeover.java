package io.understudy.node.page;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How one node came to serve a gateway, or did not.
 *
 * @param began when it set out, as the node itself says
 * @param steps one after the other, the first at {@code began}; at least one
 * @param ended when it served or stopped trying; empty while it is under way
 */
@Immutable
record Takeover(
    GatewayId gateway,
    Epoch epoch,
    NodeId node,
    Cause cause,
    Outcome outcome,
    Instant began,
    Optional<Instant> ended,
    ImmutableList<Step> steps) {

  Takeover {
    if (steps.isEmpty() || ended.isEmpty() != (outcome == Outcome.UNDER_WAY)) {
      throw new IllegalArgumentException("takeover of epoch " + epoch + ": not whole");
    }
  }

  /** What it was about: a word for the phase, and how long it took or has taken. */
  @Immutable
  record Step(Name name, Duration took) {}

  /** The phases, and the two spans that a history alone can tell. */
  enum Name {
    CLAIM,
    FENCE,
    LOGIN,
    VERIFY,
    RECONCILE,
    /** From the claim to the end of the login, as the history has it. */
    CLAIM_TO_LOGIN,
    /** From the end of the login, or from the claim where none was noted, until it served. */
    LOGIN_TO_SERVING
  }

  /** Why there was something to take over. */
  enum Cause {
    /** Nobody had led before. */
    FIRST,
    /** The former leader gave up in good order. */
    HANDED_OVER,
    /** The former leader was lost, or gave up by force. */
    LOST,
    /** The history does not go back so far. */
    UNKNOWN
  }

  /** How it ended. */
  enum Outcome {
    UNDER_WAY,
    SERVING,
    NEEDS_OPERATOR,
    GIVEN_UP
  }
}
