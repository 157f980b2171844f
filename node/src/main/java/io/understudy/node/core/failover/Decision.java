package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.Reason;

/**
 * What one pass decided.
 *
 * @param next the state after it
 * @param effects to carry out, in this order
 * @param transitions phase changes, for the log and the metrics
 * @param answered calls that were answered and are to be forgotten
 * @param readBegun a read of coordination is among the effects
 * @param wakeAt until then nothing changes, unless something is seen: decide again at this time at
 *     the latest
 * @param self this node's record as of this pass
 */
@Immutable
public record Decision(
    NodeState next,
    ImmutableList<Effect> effects,
    ImmutableList<Transition> transitions,
    ImmutableSet<Long> answered,
    boolean readBegun,
    MonotonicTime wakeAt,
    NodeRecord self) {

  /**
   * One phase change, and why.
   *
   * @param epoch the one that is being claimed, else the highest that the cell ever acted under
   */
  @Immutable
  public record Transition(
      GatewayId gateway, Phase from, Phase to, Signal signal, Epoch epoch, Reason reason) {}
}
