package io.understudy.node.api;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.failover.CoordinationSnapshot;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.failover.NodeRecord.CellRecord;
import io.understudy.node.core.failover.Phase;
import io.understudy.node.core.leadership.Directives;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.loop.NodeStatus;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One gateway as this node sees it: its cells on all nodes (the own one as of the last pass, the
 * others as they last wrote of themselves) and its records in coordination. Pure.
 *
 * @param records empty before the first snapshot of coordination
 */
@Immutable
public record GatewayView(
    GatewayId gateway,
    ImmutableSortedMap<NodeId, CellRecord> cells,
    Optional<GatewayRecords> records) {

  /** A cell and the node whose it is. */
  @Immutable
  public record LocatedCell(NodeId node, CellRecord cell) {}

  public static GatewayView of(NodeStatus status, GatewayId gateway) {
    ImmutableSortedMap.Builder<NodeId, CellRecord> cells = ImmutableSortedMap.naturalOrder();
    nodes(status)
        .values()
        .forEach(node -> node.cell(gateway).ifPresent(cell -> cells.put(node.node(), cell)));
    return new GatewayView(
        gateway,
        cells.buildOrThrow(),
        status.cluster().map(cluster -> cluster.gateways().get(gateway)));
  }

  /** The records of all nodes, the own one fresh. */
  static ImmutableSortedMap<NodeId, NodeRecord> nodes(NodeStatus status) {
    ImmutableSortedMap.Builder<NodeId, NodeRecord> nodes = ImmutableSortedMap.naturalOrder();
    Stream<NodeRecord> others =
        status.cluster().stream()
            .map(CoordinationSnapshot::nodes)
            .flatMap(all -> all.values().stream())
            .filter(record -> !record.node().equals(status.self().node()));
    Stream.concat(Stream.of(status.self()), others)
        .forEach(record -> nodes.put(record.node(), record));
    return nodes.buildOrThrow();
  }

  /** All gateways that this node or coordination knows. */
  public static ImmutableSortedSet<GatewayId> gateways(NodeStatus status) {
    ImmutableSortedSet.Builder<GatewayId> gateways = ImmutableSortedSet.naturalOrder();
    status.self().cells().forEach(cell -> gateways.add(cell.gateway()));
    status.cluster().ifPresent(cluster -> gateways.addAll(cluster.gateways().keySet()));
    return gateways.build();
  }

  Optional<NodeId> elected() {
    return records.flatMap(all -> all.election().elected());
  }

  Directives directives() {
    return records.map(all -> all.directives().value()).orElse(Directives.NONE);
  }

  /** Whether the acceptance of this request is part of what is seen here. */
  boolean accepted(String requestId) {
    return directives().request(requestId).isPresent();
  }

  /**
   * The cell that matters now: the one that acts under the highest epoch, else one that fences
   * itself, else the elected node's.
   */
  public Optional<LocatedCell> leading() {
    return located()
        .filter(located -> located.cell().phase().entitled())
        .max(Comparator.comparing(located -> located.cell().epoch()))
        .or(() -> located().filter(l -> l.cell().phase() == Phase.SELF_FENCING).findFirst())
        .or(() -> elected().flatMap(this::cell));
  }

  Optional<LocatedCell> cell(NodeId node) {
    return Optional.ofNullable(cells.get(node)).map(cell -> new LocatedCell(node, cell));
  }

  Stream<LocatedCell> located() {
    return cells.entrySet().stream()
        .map(entry -> new LocatedCell(entry.getKey(), entry.getValue()));
  }
}
