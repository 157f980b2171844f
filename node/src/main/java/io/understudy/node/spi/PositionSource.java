package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.positions.Position;
import java.util.OptionalInt;

/**
 * Where the trading engine says what it expects to hold (a file, a database). One lane; bounded by
 * its own timeout; read-only.
 */
public interface PositionSource extends AutoCloseable {
  Expected expected() throws DriverException;

  @Override
  default void close() {}

  /** What the engine expects. {@code openOrders} is empty when the source does not say. */
  record Expected(ImmutableList<Position> positions, OptionalInt openOrders) {}
}
