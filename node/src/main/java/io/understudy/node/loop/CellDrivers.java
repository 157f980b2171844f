package io.understudy.node.loop;

import io.understudy.node.core.login.SecondFactorKind;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.positions.Tolerances;
import io.understudy.node.spi.CodeSource;
import io.understudy.node.spi.FaultInjector;
import io.understudy.node.spi.GatewayDriver;
import io.understudy.node.spi.PositionSource;
import io.understudy.node.spi.TradingRelay;
import java.time.Duration;
import java.util.Optional;

/**
 * The edges of one cell, and how long they may take.
 *
 * @param codes with a TOTP second factor
 * @param expected where the engine says what it holds; empty: nothing to compare with, every
 *     comparison is clean
 * @param logoutTimeout for a planned logout, all of it
 * @param fenceTimeout for fencing by force; must fit into the lease's self-fence lead
 * @param faults what drills may do to this node
 */
public record CellDrivers(
    GatewayId id,
    GatewayDriver gateway,
    SecondFactorKind secondFactor,
    Optional<CodeSource> codes,
    Optional<PositionSource> expected,
    Tolerances tolerances,
    TradingRelay relay,
    Duration logoutTimeout,
    Duration fenceTimeout,
    FaultInjector faults) {
  /** On a node without the means to harm itself. */
  public CellDrivers(
      GatewayId id,
      GatewayDriver gateway,
      SecondFactorKind secondFactor,
      Optional<CodeSource> codes,
      Optional<PositionSource> expected,
      Tolerances tolerances,
      TradingRelay relay,
      Duration logoutTimeout,
      Duration fenceTimeout) {
    this(
        id,
        gateway,
        secondFactor,
        codes,
        expected,
        tolerances,
        relay,
        logoutTimeout,
        fenceTimeout,
        FaultInjector.none());
  }
}
