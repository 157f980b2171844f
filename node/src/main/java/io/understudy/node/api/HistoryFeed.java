package io.understudy.node.api;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import io.understudy.node.core.failover.GatewayRecords;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.spi.DriverException;
import io.understudy.node.wire.ShownMessages;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a gateway's history when something about it has changed, and tells of the lines that are
 * new. A line is written a little after the change that it tells of, so it is read twice. Lives on
 * its owner's lane; reads on a thread of its own.
 */
public final class HistoryFeed {
  private static final Logger LOG = LoggerFactory.getLogger(HistoryFeed.class);
  private static final int LINES_MAX = 50;
  private static final int READS_PER_CHANGE = 2;

  /** Whatever is different when a line may have been written. */
  @Immutable
  private record Fingerprint(
      int claim, int custody, int ledger, int directives, String phases, String peers) {}

  private static final class Feed {
    Fingerprint seen = new Fingerprint(-1, -1, -1, -1, "", "");
    ImmutableList<HistoryEntry> lines = ImmutableList.of();
    boolean readBefore;
    boolean reading;
    int readsDue;
  }

  private final NodeControl control;
  private final Executor lane;
  private final BiConsumer<GatewayId, ImmutableList<HistoryEntry>> listener;
  private final Map<GatewayId, Feed> feeds = new TreeMap<>();
  private volatile ImmutableMap<GatewayId, io.understudy.v1.HistoryEntry> transitions =
      ImmutableMap.of();

  /** The listener gets new lines, oldest first, on the lane: one task at a time. */
  public HistoryFeed(
      NodeControl control,
      Executor lane,
      BiConsumer<GatewayId, ImmutableList<HistoryEntry>> listener) {
    this.control = control;
    this.lane = lane;
    this.listener = listener;
  }

  /** Per gateway the last line about the gateway that is no command, where known. Any thread. */
  public ImmutableMap<GatewayId, io.understudy.v1.HistoryEntry> transitions() {
    return transitions;
  }

  /** Per gateway the newest lines, newest first, as of the last read. On the lane. */
  public ImmutableMap<GatewayId, ImmutableList<HistoryEntry>> lines() {
    ImmutableMap.Builder<GatewayId, ImmutableList<HistoryEntry>> lines = ImmutableMap.builder();
    feeds.forEach((gateway, feed) -> lines.put(gateway, feed.lines));
    return lines.buildOrThrow();
  }

  /** On the lane. */
  public void observe(NodeStatus status) {
    if (!status.connected()) {
      return;
    }
    for (GatewayId gateway : GatewayView.gateways(status)) {
      GatewayView view = GatewayView.of(status, gateway);
      view.records()
          .map(records -> fingerprint(records, view, LinkView.conditions(status.peers())))
          .ifPresent(now -> {
            Feed feed = feeds.computeIfAbsent(gateway, _ -> new Feed());
            if (!now.equals(feed.seen)) {
              feed.seen = now;
              feed.readsDue = READS_PER_CHANGE;
            }
          });
    }
  }

  /** Now and then, on the lane: reads what is due. */
  public void tick() {
    feeds.forEach((gateway, feed) -> {
      if (feed.readsDue > 0 && !feed.reading) {
        feed.reading = true;
        feed.readsDue--;
        Thread.ofVirtual().name("api-history").start(() -> read(gateway));
      }
    });
  }

  private void read(GatewayId gateway) {
    try {
      ImmutableList<HistoryEntry> newestFirst = control.history(gateway, LINES_MAX);
      lane.execute(() -> arrived(gateway, newestFirst));
    } catch (DriverException e) {
      LOG.debug("Failed to read the history gateway={}", gateway, e);
    } finally {
      lane.execute(() -> feed(gateway).reading = false);
    }
  }

  private void arrived(GatewayId gateway, ImmutableList<HistoryEntry> newestFirst) {
    Feed feed = feed(gateway);
    ImmutableList<HistoryEntry> fresh =
        newestFirst.reverse().stream()
            .filter(line -> !feed.lines.contains(line))
            .collect(ImmutableList.toImmutableList());
    feed.lines = newestFirst;
    newestFirst.stream()
        .filter(line -> !line.kind().equals("Command") && !LinkView.KINDS.contains(line.kind()))
        .findFirst()
        .ifPresent(line -> keepTransition(gateway, line));
    // The first read only learns what is old.
    if (feed.readBefore && !fresh.isEmpty()) {
      listener.accept(gateway, fresh);
    }
    feed.readBefore = true;
  }

  private void keepTransition(GatewayId gateway, HistoryEntry line) {
    Map<GatewayId, io.understudy.v1.HistoryEntry> all = new TreeMap<>(transitions);
    all.put(gateway, ShownMessages.historyEntry(gateway, line));
    transitions = ImmutableMap.copyOf(all);
  }

  private Feed feed(GatewayId gateway) {
    return feeds.computeIfAbsent(gateway, _ -> new Feed());
  }

  private static Fingerprint fingerprint(GatewayRecords records, GatewayView view, String peers) {
    return new Fingerprint(
        records.claim().version(),
        records.custody().version(),
        records.ledger().version(),
        records.directives().version(),
        view.located()
            .map(located -> located.node() + "=" + located.cell().phase())
            .collect(Collectors.joining(" ")),
        peers);
  }
}
