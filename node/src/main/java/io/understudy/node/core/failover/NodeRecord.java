package io.understudy.node.core.failover;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.gateway.GatewayStatus;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.InstanceId;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.model.Reason;
import io.understudy.node.core.positions.ReconciliationReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a node says of itself: its ephemeral record in coordination, written with every renewal.
 *
 * @param peerAddress host:port of its gRPC endpoint, for peers and operators
 * @param at its wall clock when the record was made
 * @param leaseRemaining until its lease ends; empty while it has none
 */
@Immutable
public record NodeRecord(
    NodeId node,
    InstanceId instance,
    String peerAddress,
    String version,
    Instant at,
    Optional<Duration> leaseRemaining,
    ImmutableList<CellRecord> cells) {

  /**
   * One cell of the node. {@code ready}: it could take over now; otherwise {@code reason} says why
   * not. {@code gateOpen}: until its shutting is confirmed.
   */
  @Immutable
  public record CellRecord(
      GatewayId gateway,
      Phase phase,
      Epoch epoch,
      Instant phaseSince,
      Reason reason,
      boolean ready,
      boolean gateOpen,
      GatewayStatus.ProcessState process,
      GatewayStatus.SessionState session,
      String gatewayDetail,
      Optional<ReconciliationReport> reconciliation) {}

  public Optional<CellRecord> cell(GatewayId gateway) {
    for (CellRecord cell : cells) {
      if (cell.gateway().equals(gateway)) {
        return Optional.of(cell);
      }
    }
    return Optional.empty();
  }
}
