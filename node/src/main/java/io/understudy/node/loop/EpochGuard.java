package io.understudy.node.loop;

import com.google.common.collect.ImmutableMap;
import io.understudy.node.core.failover.NodeRecord;
import io.understudy.node.core.model.Epoch;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.spi.LeaseGuard;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The edge's side of NoStaleEffect and SelfFence. The loop publishes when the lease ends and under
 * which epoch each cell may act; every question compares that with the clock at that instant, so a
 * process that was frozen gets the right answer before the loop has made a single pass.
 */
public final class EpochGuard implements LeaseGuard {
  private final Supplier<MonotonicTime> clock;
  private volatile View view = new View(Optional.empty(), ImmutableMap.of());

  /**
   * Permits nothing before the first {@link #publish}.
   *
   * @param clock read at every question, on the thread that asks
   */
  public EpochGuard(Supplier<MonotonicTime> clock) {
    this.clock = clock;
  }

  /** Called by the loop before it hands out the effects of a pass. */
  public void publish(Optional<MonotonicTime> leaseEnd, NodeRecord self) {
    ImmutableMap.Builder<GatewayId, Epoch> epochs =
        ImmutableMap.builderWithExpectedSize(self.cells().size());
    for (NodeRecord.CellRecord cell : self.cells()) {
      if (cell.phase().mayAct() && cell.epoch().isAfter(Epoch.NONE)) {
        epochs.put(cell.gateway(), cell.epoch());
      }
    }
    view = new View(leaseEnd, epochs.buildOrThrow());
  }

  @Override
  public boolean permits(GatewayId gateway, Epoch epoch) {
    View now = view;
    return epoch.equals(now.epochs.get(gateway))
        && now.leaseEnd.filter(end -> clock.get().isBefore(end)).isPresent();
  }

  private record View(Optional<MonotonicTime> leaseEnd, ImmutableMap<GatewayId, Epoch> epochs) {}
}
