package io.understudy.node.loop;

import com.google.common.base.Ascii;
import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.model.NodeId;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.core.peers.PeerProbe;
import io.understudy.node.core.peers.TunnelSight;
import io.understudy.node.spi.DriverException;
import io.understudy.node.spi.PeerClient;
import io.understudy.node.spi.Tunnels;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes of peers, each peer on a lane of its own, so that one that does not answer holds up no
 * other. A probe always comes to an end: whatever goes wrong is a probe without an answer, for a
 * fault in watching others is no reason to stop serving.
 */
final class PeerLanes implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeerLanes.class);

  /** Part of it may be what the peer said. */
  private static final int REASON_MAX = 400;

  private final PeerClient peers;
  private final Tunnels tunnels;
  private final Clocks clocks;
  private final Mailbox mailbox;
  private final Map<NodeId, Lane> lanes = new ConcurrentHashMap<>();

  /** Per peer, why its last probe had no answer. */
  private final Map<NodeId, String> troubles = new ConcurrentHashMap<>();

  PeerLanes(PeerClient peers, Tunnels tunnels, Clocks clocks, Mailbox mailbox) {
    this.peers = peers;
    this.tunnels = tunnels;
    this.clocks = clocks;
    this.mailbox = mailbox;
  }

  void probe(Effect.ProbePeer probe) {
    lanes
        .computeIfAbsent(probe.node(), node -> new Lane("watch-" + node, mailbox))
        .run(() -> mailbox.post(probed(probe)));
  }

  private Observation probed(Effect.ProbePeer probe) {
    MonotonicTime sentAt = clocks.monotonic();
    Optional<PeerAnswer> answer = Optional.empty();
    TunnelSight tunnel = new TunnelSight.Unreadable();
    try {
      answer = Optional.of(peers.probe(probe.node(), probe.address(), probe.timeout()));
      troubles.remove(probe.node());
    } catch (DriverException e) {
      unanswered(probe, e.getMessage());
    } catch (Throwable bug) {
      log.error("Failed to probe node={}", probe.node(), bug);
    }
    try {
      tunnel = tunnels.lastHandshake(probe.address());
    } catch (Throwable bug) {
      log.error("Failed to read the tunnel node={}", probe.node(), bug);
    }
    return new Observation.PeerProbed(
        probe.id(), probe.node(), new PeerProbe(sentAt, answer, tunnel));
  }

  /** Told when it begins and when it changes. */
  private void unanswered(Effect.ProbePeer probe, String whatever) {
    String reason = Ascii.truncate(whatever, REASON_MAX, "...");
    if (!reason.equals(troubles.put(probe.node(), reason))) {
      log.info("Probe without an answer node={} reason=\"{}\"", probe.node(), reason);
    }
  }

  @Override
  public void close() {
    lanes.values().forEach(Lane::close);
  }
}
