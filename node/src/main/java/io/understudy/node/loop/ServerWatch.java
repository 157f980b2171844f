package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.CoordinationServers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the coordination servers every few seconds, on a thread of its own. Nothing is decided
 * by it: it tells people that a quorum is at risk while there still is one.
 */
final class ServerWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** What was seen longer ago than that says nothing of the servers any more. */
  private static final Duration SIGHT_KEPT = Duration.ofSeconds(30);

  private final CoordinationServers servers;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("watch-servers").daemon(true).factory());
  private final Supplier<MonotonicTime> clock;
  private volatile Sight latest;

  private record Sight(ImmutableList<ServerView> servers, MonotonicTime at) {}

  /** Reads the time from {@code clock}. */
  ServerWatch(CoordinationServers servers, Supplier<MonotonicTime> clock) {
    this.servers = servers;
    this.clock = clock;
    latest = new Sight(ImmutableList.of(), clock.get());
  }

  /** Begins after a pause: a node that starts has better things to do. */
  void start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::look, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** As last seen, none up when that is long ago; empty before the first look. Any thread. */
  ImmutableList<ServerView> latest() {
    Sight sight = latest;
    return clock.get().since(sight.at()).compareTo(SIGHT_KEPT) <= 0
        ? sight.servers()
        : sight.servers().stream()
            .map(server ->
                new ServerView(
                    server.server(),
                    false,
                    "not looked at for %d s, was then: %s"
                        .formatted(SIGHT_KEPT.toSeconds(), server.mode())))
            .collect(ImmutableList.toImmutableList());
  }

  /** Once; whatever goes wrong, the next look comes. */
  void look() {
    try {
      ImmutableList<ServerView> before = latest.servers();
      ImmutableList<ServerView> seen = servers.look();
      latest = new Sight(seen, clock.get());
      for (ServerView server : seen) {
        boolean news = !before.contains(server) && !(before.isEmpty() && server.up());
        if (news) {
          log.info(
              "Coordination server changed server={} up={} mode=\"{}\"",
              server.server(),
              server.up(),
              server.mode());
        }
      }
    } catch (Throwable bug) {
      log.error("Failed to look at the coordination servers", bug);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
