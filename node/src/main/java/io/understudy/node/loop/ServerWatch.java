package io.understudy.node.loop;

import com.google.common.collect.ImmutableList;
import io.understudy.node.core.peers.ServerView;
import io.understudy.node.spi.CoordinationServers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the coordination servers every few seconds, on a thread of its own. Nothing is decided
 * by it: it tells people that a quorum is at risk while there still is one.
 */
final class ServerWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerWatch.class);
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final CoordinationServers servers;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("watch-servers").daemon(true).factory());
  private volatile ImmutableList<ServerView> latest = ImmutableList.of();

  ServerWatch(CoordinationServers servers) {
    this.servers = servers;
  }

  /** Begins after a pause: a node that starts has better things to do. */
  void start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::look, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** As last seen; empty before the first look. Any thread. */
  ImmutableList<ServerView> latest() {
    return latest;
  }

  private void look() {
    try {
      ImmutableList<ServerView> before = latest;
      latest = servers.look();
      for (ServerView server : latest) {
        boolean news = !before.contains(server) && !(before.isEmpty() && server.up());
        if (news) {
          log.info(
              "Coordination server changed server={} up={} mode=\"{}\"",
              server.server(),
              server.up(),
              server.mode());
        }
      }
    } catch (RuntimeException bug) {
      log.error("Failed to look at the coordination servers", bug);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
