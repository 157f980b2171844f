package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.model.EffectId;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Now;
import java.util.Optional;

/**
 * What a node remembers between passes: effects in flight and its cells.
 *
 * @param nextEffect the number of the next effect
 * @param renewal a renewal in flight
 * @param renewAt when the next renewal is due
 * @param published what the last renewal said of the cells, so that a change is told at once
 * @param read a read of coordination in flight
 * @param readAt when the next read is due without a change
 * @param readNotBefore a pause after a read that failed
 * @param cells in the order of the settings
 * @param peers the other nodes, as they are watched
 * @param exiting {@link Effect.Exit} was issued
 */
@Immutable
public record NodeState(
    long nextEffect,
    Optional<EffectId> renewal,
    MonotonicTime renewAt,
    MonotonicTime lastRenewalAt,
    ImmutableList<NodeRecord.CellRecord> published,
    Optional<EffectId> read,
    MonotonicTime readAt,
    MonotonicTime readNotBefore,
    ImmutableMap<GatewayId, CellState> cells,
    ImmutableSortedMap<NodeId, WatchedPeer> peers,
    boolean exiting) {

  /** The state of a process that has just begun. */
  public static NodeState initial(NodeSettings settings, Now now) {
    return new NodeState(
        1,
        Optional.empty(),
        now.monotonic(),
        now.monotonic(),
        ImmutableList.of(),
        Optional.empty(),
        now.monotonic(),
        now.monotonic(),
        settings.cells().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    CellSettings::gateway, cell -> CellState.initial(cell.gateway(), now))),
        ImmutableSortedMap.of(),
        false);
  }
}
