package io.understudy.node.loop;

import io.understudy.node.core.model.Epoch;
import io.understudy.node.spi.TradingRelay;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay that only remembers whether it is open, and since when; its log knows neither gateway nor
 * epoch.
 */
final class FakeRelay implements TradingRelay {
  private static final Logger LOG = LoggerFactory.getLogger(FakeRelay.class);

  private Optional<Epoch> open = Optional.empty();
  private long openedNanos;
  private long shutNanos;

  @Override
  public synchronized void open(Epoch epoch) {
    LOG.debug("Opened");
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
