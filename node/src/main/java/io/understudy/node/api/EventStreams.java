package io.understudy.node.api;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.rpc.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.wire.ShownMessages;
import io.understudy.node.wire.WireTimes;
import io.understudy.v1.Cluster;
import io.understudy.v1.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The callers of WatchEvents. Each gets the whole picture first and at each change, and each new
 * history line. A slow caller loses pictures but never the newest; if it loses lines, it gets a
 * whole picture instead. Lives on the API lane.
 */
final class EventStreams {
  private static final int WATCHERS_MAX = 64;
  private static final int LINES_WAITING_MAX = 64;

  private final List<Watcher> watchers = new ArrayList<>();

  /** Adds a caller; {@code filter}: only this gateway. */
  void add(
      ServerCallStreamObserver<Event> observer,
      Standing standing,
      Optional<GatewayId> filter,
      Cluster picture) {
    if (watchers.size() >= WATCHERS_MAX) {
      observer.onError(
          Refusals.status(
              Code.UNAVAILABLE,
              "TOO_MANY_CALLS",
              "The node serves " + WATCHERS_MAX + " event streams already: retry later",
              ImmutableMap.of()));
      return;
    }
    Watcher watcher = new Watcher(observer, standing, filter);
    watchers.add(watcher);
    watcher.changed(picture);
  }

  boolean watched() {
    return !watchers.isEmpty();
  }

  /** Ends the streams of callers whose certificates were revoked. */
  void endRevoked() {
    watchers.removeIf(watcher -> {
      Optional<StatusRuntimeException> lost = watcher.standing.lost();
      lost.ifPresent(watcher.observer::onError);
      return lost.isPresent();
    });
  }

  void changed(Cluster picture) {
    watchers.removeIf(watcher -> watcher.observer.isCancelled());
    watchers.forEach(watcher -> watcher.changed(picture));
  }

  void lines(GatewayId gateway, ImmutableList<HistoryEntry> lines, NodeStatus status) {
    for (HistoryEntry line : lines) {
      Event event =
          Event.newBuilder()
              .setAt(WireTimes.timestamp(status.at()))
              .setEntry(ShownMessages.historyEntry(gateway, line))
              .build();
      watchers.stream()
          .filter(watcher -> watcher.filter.filter(f -> !f.equals(gateway)).isEmpty())
          .forEach(watcher -> watcher.line(event));
    }
  }

  void close(StatusRuntimeException goodbye) {
    watchers.forEach(watcher -> watcher.observer.onError(goodbye));
    watchers.clear();
  }

  private static final class Watcher {
    final ServerCallStreamObserver<Event> observer;
    final Standing standing;
    final Optional<GatewayId> filter;
    private final Deque<Event> waiting = new ArrayDeque<>();
    private Cluster shown = Cluster.getDefaultInstance();
    private boolean gap;

    Watcher(
        ServerCallStreamObserver<Event> observer, Standing standing, Optional<GatewayId> filter) {
      this.observer = observer;
      this.standing = standing;
      this.filter = filter;
    }

    void line(Event event) {
      if (waiting.size() < LINES_WAITING_MAX) {
        waiting.add(event);
      } else {
        waiting.clear();
        gap = true;
      }
      flush();
    }

    /** Sends what waits, then the picture if it differs from the one that was shown last. */
    void changed(Cluster whole) {
      flush();
      Cluster picture = filter.map(gateway -> ClusterView.only(whole, gateway)).orElse(whole);
      Cluster timeless = ClusterView.timeless(picture);
      if (observer.isReady() && (gap || !timeless.equals(shown))) {
        observer.onNext(Event.newBuilder().setAt(picture.getAt()).setCluster(picture).build());
        shown = timeless;
        gap = false;
      }
    }

    private void flush() {
      while (observer.isReady() && !waiting.isEmpty()) {
        observer.onNext(waiting.removeFirst());
      }
    }
  }
}
