package io.understudy.node.spi;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a coordination driver says. */
public final class RecordingListener implements CoordinationDriver.Listener {
  private final List<CoordinationDriver.Connection> connections = new CopyOnWriteArrayList<>();
  private final AtomicInteger changes = new AtomicInteger();

  @Override
  public void connectionChanged(CoordinationDriver.Connection connection) {
    connections.add(connection);
  }

  @Override
  public void changed() {
    changes.incrementAndGet();
  }

  public ImmutableList<CoordinationDriver.Connection> connections() {
    return ImmutableList.copyOf(connections);
  }

  public int changes() {
    return changes.get();
  }
}
