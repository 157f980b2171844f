package io.understudy.node.sim;

import io.understudy.node.core.failover.Effect;
import io.understudy.node.core.failover.Observation;
import io.understudy.node.core.model.MonotonicTime;
import io.understudy.node.core.peers.PeerAnswer;
import io.understudy.node.core.peers.PeerProbe;
import io.understudy.node.core.peers.PeerReport;
import io.understudy.node.core.peers.TunnelSight;
import java.time.Duration;
import java.util.Optional;

/** A daemon's probes of its peers: asked over the network, ended by their timeout at the latest. */
final class Probes {
  private final World world;
  private final Cluster cluster;
  private final Daemon daemon;

  /** One that is under way; over when an answer came or the time is up. */
  private final class Probe {
    private final Effect.ProbePeer asked;
    private final MonotonicTime sentAt = daemon.machine().monotonic();
    private boolean over;

    Probe(Effect.ProbePeer asked) {
      this.asked = asked;
    }

    void send() {
      daemon.later(asked.timeout().toNanos(), () -> end(Optional.empty()));
      Machine target = cluster.machine(asked.node());
      world.after(
          daemon.machine().travelOfProbe(),
          () -> {
            if (cluster.reaches(daemon.machine(), target)) {
              target.run(() -> target.daemon().ifPresent(this::answer));
            }
          });
    }

    private void answer(Daemon peer) {
      PeerReport report = peer.report();
      Machine target = peer.machine();
      Duration offset = Duration.between(daemon.machine().now().wall(), target.now().wall());
      daemon.later(
          target.travelOfProbe(),
          () -> {
            if (cluster.reaches(target, daemon.machine())) {
              Duration roundTrip = daemon.machine().monotonic().since(sentAt);
              end(Optional.of(new PeerAnswer(report, roundTrip, offset)));
            }
          });
    }

    private void end(Optional<PeerAnswer> answer) {
      if (!over) {
        over = true;
        daemon.observe(
            new Observation.PeerProbed(
                asked.id(),
                asked.node(),
                new PeerProbe(sentAt, answer, new TunnelSight.Unreadable())));
      }
    }
  }

  Probes(World world, Cluster cluster, Daemon daemon) {
    this.world = world;
    this.cluster = cluster;
    this.daemon = daemon;
  }

  /** Nothing ever comes back in a run in which nobody watches. */
  void send(Effect.ProbePeer probe) {
    if (cluster.watching()) {
      new Probe(probe).send();
    }
  }
}
