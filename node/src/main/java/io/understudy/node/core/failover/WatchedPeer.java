package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.peers.PeerCondition;
import io.understudy.node.core.peers.PeerWatch;
import java.util.Optional;

/**
 * Another node of the cluster, and the probing of it.
 *
 * @param probe in flight
 * @param probeAt when the next one is due
 * @param told per condition, what the history was last told of it
 */
@Immutable
public record WatchedPeer(
    PeerWatch watch,
    Optional<EffectId> probe,
    MonotonicTime probeAt,
    ImmutableSortedMap<PeerCondition.Type, Told> told) {

  /** That it held, or no longer held, and when that was told. */
  @Immutable
  public record Told(boolean held, MonotonicTime at) {}

  WatchedPeer with(PeerWatch value) {
    return new WatchedPeer(value, probe, probeAt, told);
  }
}
