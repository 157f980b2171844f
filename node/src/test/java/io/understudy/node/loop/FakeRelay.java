package io.understudy.node.loop;

import io.understudy.node.core.model.Epoch;
import io.understudy.node.spi.TradingRelay;
import java.util.Optional;

/** A relay that only remembers whether it is open, and since when. */
final class FakeRelay implements TradingRelay {
  private Optional<Epoch> open = Optional.empty();
  private long openedNanos;
  private long shutNanos;

  @Override
  public synchronized void open(Epoch epoch) {
    open = Optional.of(epoch);
    openedNanos = System.nanoTime();
  }

  @Override
  public synchronized void shut() {
    if (open.isPresent()) {
      shutNanos = System.nanoTime();
    }
    open = Optional.empty();
  }

  synchronized boolean isOpen() {
    return open.isPresent();
  }

  synchronized long openedNanos() {
    return openedNanos;
  }

  synchronized long shutNanos() {
    return shutNanos;
  }

  @Override
  public Traffic traffic() {
    return new Traffic(0, 0, 0, 0);
  }

  @Override
  public void close() {
    shut();
  }
}
