package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
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
 * @param cells in the order of the settings
 * @param peers the other nodes, as they are watched, in the order of their ids
 * @param exiting {@link Effect.Exit} was issued
 */
@Immutable
public record NodeState(
    long nextEffect,
    Renewals renewals,
    Reads reads,
    ImmutableMap<GatewayId, CellState> cells,
    ImmutableMap<NodeId, WatchedPeer> peers,
    boolean exiting) {

  /**
   * The lease's renewals.
   *
   * @param nextAt when the next one is due
   * @param lastAt when the last one was asked for
   * @param published what that said of the cells, so that a change is told at once
   */
  @Immutable
  public record Renewals(
      Optional<EffectId> inFlight,
      MonotonicTime nextAt,
      MonotonicTime lastAt,
      ImmutableList<NodeRecord.CellRecord> published) {}

  /**
   * The reads of coordination.
   *
   * @param nextAt when the next one is due without a change
   * @param notBefore a pause after one that failed
   */
  @Immutable
  public record Reads(Optional<EffectId> inFlight, MonotonicTime nextAt, MonotonicTime notBefore) {}

  /** The state of a process that has just begun. */
  public static NodeState initial(NodeSettings settings, Now now) {
    MonotonicTime begin = now.monotonic();
    return new NodeState(
        1,
        new Renewals(Optional.empty(), begin, begin, ImmutableList.of()),
        new Reads(Optional.empty(), begin, begin),
        settings.cells().stream()
            .collect(
                ImmutableMap.toImmutableMap(
                    CellSettings::gateway, cell -> CellState.initial(cell.gateway(), now))),
        ImmutableMap.of(),
        false);
  }
}
