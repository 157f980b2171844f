package io.understudy.node.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.understudy.node.api.ClusterView;
import io.understudy.node.api.HistoryFeed;
import io.understudy.node.core.leadership.HistoryEntry;
import io.understudy.node.core.model.GatewayId;
import io.understudy.node.core.peers.PeerView;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.loop.NodeControl;
import io.understudy.node.loop.NodeStatus;
import io.understudy.node.page.ViewerStream.Kind;
import io.understudy.v1.Cell;
import io.understudy.v1.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the loop and tells the viewers. The loop hands each status over and goes on; one thread
 * makes of them what the page shows: the picture and the timeline whenever they change, and a pulse
 * each second. A status that finds the queue full is dropped, since the next tick looks at the
 * newest one anyway.
 */
final class PageFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PageFeed.class);
  private static final Duration TICK = Duration.ofMillis(250);
  private static final int TICKS_PER_PULSE = 4;
  private static final int STATUSES_WAITING_MAX = 64;
  static final int VIEWERS_MAX = 32;

  private final NodeControl control;
  private final ScheduledThreadPoolExecutor lane =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("page-lane").daemon(true).factory());
  private final BlockingQueue<NodeStatus> statuses = new ArrayBlockingQueue<>(STATUSES_WAITING_MAX);
  private final HistoryFeed history;
  private final SeenTakeovers seen = new SeenTakeovers();
  private final List<ViewerStream> viewers = new ArrayList<>();
  private final Semaphore places = new Semaphore(VIEWERS_MAX);
  private final NodeControl.Subscription subscription;
  private ImmutableMap<GatewayId, ImmutableList<HistoryEntry>> linesShown = ImmutableMap.of();
  private Shown shown =
      new Shown(
          Cluster.getDefaultInstance(), ImmutableMap.of(), ImmutableList.of(), ImmutableList.of());
  private int ticks;
  private volatile Timeline timeline = Timeline.of(ImmutableMap.of(), _ -> ImmutableList.of());

  /** What the viewers saw last, without what changes by the mere passing of time. */
  private record Shown(
      Cluster timeless,
      ImmutableMap<GatewayId, String> logins,
      ImmutableList<PeerView> peers,
      ImmutableList<ServerView> servers) {

    static Shown of(Cluster cluster, NodeStatus status) {
      return new Shown(
          ClusterView.timeless(cluster),
          status.loginProgress(),
          status.peers().values().stream()
              .map(Shown::timeless)
              .collect(ImmutableList.toImmutableList()),
          status.servers());
    }

    private static PeerView timeless(PeerView peer) {
      return new PeerView(
          peer.node(),
          peer.reachable(),
          peer.since(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          peer.version(),
          peer.conditions());
    }
  }

  PageFeed(NodeControl control) {
    this.control = control;
    this.history = new HistoryFeed(control, this::execute, (_, _) -> {});
    var _ =
        lane.scheduleWithFixedDelay(
            () -> guarded(this::tick), 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
    this.subscription =
        control.subscribe(status -> {
          if (statuses.offer(status)) {
            execute(this::catchUp);
          }
        });
  }

  /** The picture and the timeline as of now. Any thread; never blocks. */
  String document() {
    NodeStatus status = control.status();
    return ClusterJson.picture(cluster(status), status)
        .<ObjectNode>set("timeline", TimelineJson.of(timeline))
        .toString();
  }

  /** A place for one more viewer, to be left when its stream has ended; false without one. */
  boolean takePlace() {
    return places.tryAcquire();
  }

  void leavePlace() {
    places.release();
  }

  /** Shows everything to a new viewer, who has a place. */
  void add(ViewerStream viewer) {
    execute(() -> {
      NodeStatus status = control.status();
      viewers.add(viewer);
      viewer.offer(Kind.PICTURE, ClusterJson.picture(cluster(status), status).toString());
      viewer.offer(Kind.TIMELINE, TimelineJson.of(timeline).toString());
      viewer.offer(Kind.PULSE, ClusterJson.pulse(cluster(status), status).toString());
    });
  }

  private void catchUp() {
    NodeStatus status = statuses.poll();
    if (status != null) {
      observe(status);
    }
  }

  private void tick() {
    long now = System.nanoTime();
    viewers.removeIf(viewer -> viewer.ended(now));
    NodeStatus status = control.status();
    observe(status);
    history.tick();
    ticks++;
    if (ticks % TICKS_PER_PULSE == 0 && !viewers.isEmpty()) {
      tell(Kind.PULSE, ClusterJson.pulse(cluster(status), status).toString());
    }
  }

  private void observe(NodeStatus status) {
    history.observe(status);
    boolean moved = seen.observe(status);
    ImmutableMap<GatewayId, ImmutableList<HistoryEntry>> lines = history.lines();
    if (moved || !lines.equals(linesShown)) {
      linesShown = lines;
      timeline = Timeline.of(lines, gateway -> seen.of(gateway, status.at()));
      tell(Kind.TIMELINE, TimelineJson.of(timeline).toString());
    }
    if (viewers.isEmpty()) {
      return;
    }
    Cluster cluster = cluster(status);
    Shown next = Shown.of(cluster, status);
    if (!next.equals(shown)) {
      shown = next;
      tell(Kind.PICTURE, ClusterJson.picture(cluster, status).toString());
    }
  }

  private void tell(Kind kind, String json) {
    viewers.forEach(viewer -> viewer.offer(kind, json));
  }

  private Cluster cluster(NodeStatus status) {
    Cluster.Builder cluster = ClusterView.of(status, history.transitions()).toBuilder();
    cluster
        .getGatewaysBuilderList()
        .forEach(gateway ->
            gateway.getCellsBuilderList().forEach(cell -> calm(cell, gateway.getLeader())));
    return cluster.build();
  }

  /** A sentence that counts down would be a new picture at each pass; the lease is drawn anyway. */
  private static void calm(Cell.Builder cell, String leader) {
    if (cell.hasMayLeadIn() && cell.getWhy().getCode().equals("Standby")) {
      cell.getWhyBuilder().setSentence("standby, the lease of node %s runs".formatted(leader));
    }
  }

  private void execute(Runnable task) {
    try {
      lane.execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("Dropped a task of the closed page lane", e);
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("Failed a task of the page lane by a bug", e);
    }
  }

  @Override
  public void close() {
    subscription.close();
    var _ = lane.shutdownNow();
  }
}
