package io.understudy.node.driver.zookeeper;

import io.understudy.node.spi.CoordinationDriver;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * Says that something under the root changed, at most once per read: a transaction of four records
 * is one reason to read, and so is whatever happens before that read has begun. The node's own
 * renewals are no change. Set again by Curator in every new session; setting it is itself a change,
 * since something may have been missed.
 */
final class ChangeWatch {
  private final PersistentWatcher watcher;
  private final String ownRecord;
  private final CoordinationDriver.Listener listener;
  private final AtomicBoolean announced = new AtomicBoolean();

  ChangeWatch(
      CuratorFramework curator,
      String root,
      String ownRecord,
      CoordinationDriver.Listener listener) {
    this.watcher = new PersistentWatcher(curator, root, true);
    this.ownRecord = ownRecord;
    this.listener = listener;
  }

  void start() {
    watcher.getListenable().addListener(this::changed);
    watcher.getResetListenable().addListener(this::announce);
    watcher.start();
  }

  /** Whatever changes from now on is announced again. */
  void readBegins() {
    announced.set(false);
  }

  private void changed(WatchedEvent event) {
    boolean ownRenewal =
        event.getType() == EventType.NodeDataChanged && ownRecord.equals(event.getPath());
    if (event.getType() != EventType.None && !ownRenewal) {
      announce();
    }
  }

  private void announce() {
    if (announced.compareAndSet(false, true)) {
      listener.changed();
    }
  }
}
